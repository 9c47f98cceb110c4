package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.26.0"
	"go.opentelemetry.io/otel/trace"
)

// Tracing creates spans. It exports them only if an endpoint is set (OTEL_EXPORTER_OTLP_ENDPOINT).
type Tracing struct {
	Tracer     trace.Tracer
	Propagator propagation.TextMapPropagator
	Shutdown   func(context.Context) error
}

// NewTracing sets up tracing. Without an endpoint, spans only provide the IDs in logs and exemplars.
func NewTracing(ctx context.Context, service, version, endpoint string) (Tracing, error) {
	options := []sdk.TracerProviderOption{
		sdk.WithResource(resource.NewSchemaless(semconv.ServiceName(service), semconv.ServiceVersion(version))),
		sdk.WithSampler(sdk.ParentBased(sdk.AlwaysSample())),
	}
	if endpoint != "" {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return Tracing{}, err
		}
		options = append(options, sdk.WithBatcher(exporter))
	}
	provider := sdk.NewTracerProvider(options...)
	return Tracing{provider.Tracer(service), propagation.TraceContext{}, provider.Shutdown}, nil
}
