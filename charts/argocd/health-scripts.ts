/** Lua that Argo CD runs to tell how an object is (https://argo-cd.readthedocs.io/en/stable/operator-manual/health/). */

export const canaryHealth = `-- Health of a Flagger Canary, for Argo CD. Its own script calls a canary Degraded for ever after git was repaired, hides manual gates,
-- and has no word for the beginning.
local health = { status = "Progressing", message = "Flagger has not looked at it yet" }
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
  -- Since Flagger 1.44 a promotion whose primary does not get ready fails without going back (scheduler.go, handleFailedPromotion).
  if (obj.status.canaryWeight or 0) > 0 then
    health.status = "Degraded"
    health.message = "Promotion failed: the primary does not get ready with the new version, and nothing was rolled back"
  elseif obj.status.lastAppliedSpec ~= nil and obj.status.lastAppliedSpec == obj.status.lastPromotedSpec then
    health.status = "Healthy"
    health.message = "A release was rolled back, and git has been put back too"
  else
    health.status = "Degraded"
    health.message = "Rolled back, and git names a version that was not promoted"
  end
elseif phase == "Succeeded" or phase == "Initialized" then
  health.status = "Healthy"
elseif phase == "Waiting" or phase == "WaitingPromotion" then
  health.status = "Suspended"
end
return health
`;

export const applicationHealth = `-- Health of an Application inside of another: without it, sync waves do not wait for what a child brings (removed in Argo CD 1.8).
local health = { status = "Progressing", message = "" }
if obj.status ~= nil and obj.status.health ~= nil then
  health.status = obj.status.health.status or health.status
  health.message = obj.status.health.message or health.message
end
return health
`;
