/** Lua scripts by which Argo CD assesses the health of an object (https://argo-cd.readthedocs.io/en/stable/operator-manual/health/). */

export const canaryHealth = `-- Health of a Flagger Canary. The script of Argo CD itself reports Degraded even after git was reverted, hides manual gates, and does not
-- cover a Canary without a status.
local health = { status = "Progressing", message = "Waiting for Flagger to initialize the Canary" }
if obj.status == nil or obj.status.phase == nil then
  return health
end
local phase = obj.status.phase
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "Promoted" and condition.message ~= nil then
    health.message = condition.message
  end
end
if phase == "Failed" then
  -- Since Flagger 1.44, a promotion fails without a rollback if the primary does not become ready (scheduler.go, handleFailedPromotion).
  if (obj.status.canaryWeight or 0) > 0 then
    health.status = "Degraded"
    health.message = "Promotion failed: the primary did not become ready with the new version, and Flagger did not roll back"
  elseif obj.status.lastAppliedSpec ~= nil and obj.status.lastAppliedSpec == obj.status.lastPromotedSpec then
    health.status = "Healthy"
    health.message = "Flagger rolled a release back, and git names the previous version again"
  else
    health.status = "Degraded"
    health.message = "Flagger rolled the release back, but git still names the version that failed"
  end
elseif phase == "Succeeded" or phase == "Initialized" then
  health.status = "Healthy"
elseif phase == "Waiting" or phase == "WaitingPromotion" then
  health.status = "Suspended"
end
return health
`;

export const applicationHealth = `-- Health of an Application inside another one. Without it, sync waves do not wait for the objects of a child (Argo CD removed it in 1.8).
local health = { status = "Progressing", message = "" }
if obj.status ~= nil and obj.status.health ~= nil then
  health.status = obj.status.health.status or health.status
  health.message = obj.status.health.message or health.message
end
return health
`;
