module bowline.dev/tools/manifest-schemas

go 1.27.0

require (
	github.com/argoproj/argo-cd/v3 v3.6.1
	github.com/fluxcd/flagger v1.44.0
	github.com/prometheus-operator/prometheus-operator v0.93.1
	k8s.io/kubernetes v1.37.0
	sigs.k8s.io/gateway-api v1.7.0
)
