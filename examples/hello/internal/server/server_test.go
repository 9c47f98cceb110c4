package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/hello/internal/fault"
	"example.com/hello/internal/server"
	"example.com/hello/internal/telemetry"
)

func start(t *testing.T, plan fault.Plan) (*server.Server, *httptest.Server, *bytes.Buffer) {
	t.Helper()
	tracing, err := telemetry.NewTracing(context.Background(), "hello", "test", "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	service := &server.Server{
		Observer: telemetry.Observer{Log: telemetry.NewLogger(&log), Metrics: telemetry.NewMetrics("greet", "other"), Tracing: tracing},
		Fault:    plan,
	}
	web := httptest.NewServer(service.Routes())
	t.Cleanup(web.Close)
	return service, web, &log
}

func get(t *testing.T, url string, headers ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func TestErrorSeriesAreZeroBeforeTheFirstRequest(t *testing.T) {
	_, web, _ := start(t, fault.Plan{})
	if _, body := get(t, web.URL+"/metrics"); !strings.Contains(body, `http_requests_total{code="500",handler="greet",method="GET"} 0`) {
		t.Fatalf("no zero series in:\n%s", body)
	}
}

func TestProbesAndMetricsAreNotCounted(t *testing.T) {
	_, web, _ := start(t, fault.Plan{})
	get(t, web.URL+"/readyz")
	get(t, web.URL+"/livez")
	get(t, web.URL+"/metrics")
	get(t, web.URL+"/")
	if _, body := get(t, web.URL+"/metrics"); !strings.Contains(body, `http_requests_total{code="200",handler="greet",method="GET"} 1`) || strings.Contains(body, "readyz") {
		t.Fatalf("wrong counts in:\n%s", body)
	}
}

func TestLogLinesAndExemplarsHaveTheTraceIDOfTheCaller(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	_, web, log := start(t, fault.Plan{ErrorRate: 1})
	code, _ := get(t, web.URL+"/", "traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	if code != http.StatusInternalServerError {
		t.Fatalf("got %d", code)
	}
	var line struct {
		TraceID string `json:"trace_id"`
	}
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.TraceID != trace {
		t.Fatalf("log line %s: %v", log, err)
	}
	if _, body := get(t, web.URL+"/metrics", "Accept", "application/openmetrics-text; version=1.0.0"); !strings.Contains(body, `# {trace_id="`+trace+`"}`) {
		t.Fatalf("no exemplar in:\n%s", body)
	}
}

func TestLeavingServerIsNotReadyButResponds(t *testing.T) {
	service, web, _ := start(t, fault.Plan{})
	service.Leave()
	if code, _ := get(t, web.URL+"/readyz"); code != http.StatusServiceUnavailable {
		t.Fatalf("ready: %d", code)
	}
	if code, _ := get(t, web.URL+"/"); code != http.StatusOK {
		t.Fatalf("response: %d", code)
	}
}

func TestEnvironmentOverridesTheFaultFile(t *testing.T) {
	plan, err := fault.Load(func(name string) string {
		return map[string]string{"FAULT_ERROR_RATE": "0.5", "FAULT_DELAY": "750ms"}[name]
	})
	if err != nil || plan.ErrorRate != 0.5 || plan.NeverReady {
		t.Fatalf("%+v %v", plan, err)
	}
	if _, err := fault.Load(func(string) string { return "nonsense" }); err == nil {
		t.Fatal("accepted an invalid value")
	}
}
