package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"__MODULE__/internal/telemetry"
)

func newServer(t *testing.T) (*Server, *bytes.Buffer) {
	t.Helper()
	tracing, err := telemetry.NewTracing(context.Background(), "__SERVICE__", "test", "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return &Server{
		Observer: telemetry.Observer{Log: telemetry.NewLogger(&log), Metrics: telemetry.NewMetrics(Handlers...), Tracing: tracing},
	}, &log
}

func start(t *testing.T) (*Server, *httptest.Server) {
	t.Helper()
	service, _ := newServer(t)
	web := httptest.NewServer(service.Routes())
	t.Cleanup(web.Close)
	return service, web
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func TestRootReturnsNameAndVersion(t *testing.T) {
	_, web := start(t)
	code, body := get(t, web.URL+"/")
	if code != http.StatusOK || !strings.Contains(body, `"service":"__SERVICE__"`) {
		t.Fatalf("%d %s", code, body)
	}
}

func TestErrorSeriesAreZeroBeforeTheFirstRequest(t *testing.T) {
	_, web := start(t)
	_, body := get(t, web.URL+"/metrics")
	for _, handler := range Handlers {
		if series := fmt.Sprintf(`http_requests_total{code="500",handler=%q,method="GET"} 0`, handler); !strings.Contains(body, series) {
			t.Errorf("no %s in:\n%s", series, body)
		}
	}
}

func TestRequestsAreCountedAndProbesAreNot(t *testing.T) {
	_, web := start(t)
	for range 3 {
		get(t, web.URL+"/")
	}
	get(t, web.URL+"/readyz")
	get(t, web.URL+"/livez")
	get(t, web.URL+"/metrics")
	_, body := get(t, web.URL+"/metrics")
	if !strings.Contains(body, `http_requests_total{code="200",handler="greet",method="GET"} 3`) || strings.Contains(body, "readyz") {
		t.Fatalf("wrong counts in:\n%s", body)
	}
}

func TestPanicIsCountedOnceAndLoggedWithTheTraceIDOfTheCaller(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	service, log := newServer(t)
	handler := service.Wrap("greet", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken") }))
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	if response.Code != http.StatusInternalServerError {
		t.Fatalf("status %d", response.Code)
	}
	for _, line := range bytes.Split(bytes.TrimSpace(log.Bytes()), []byte("\n")) {
		var entry struct {
			TraceID string `json:"trace_id"`
		}
		if err := json.Unmarshal(line, &entry); err != nil || entry.TraceID != trace {
			t.Fatalf("log line %s: %v", line, err)
		}
	}
	metrics := httptest.NewRecorder()
	service.Metrics.Handler().ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if !strings.Contains(metrics.Body.String(), `http_requests_total{code="500",handler="greet",method="GET"} 1`) {
		t.Fatalf("not counted in:\n%s", metrics.Body)
	}
}

func TestLeavingServerIsNotReadyButResponds(t *testing.T) {
	service, web := start(t)
	service.Leave()
	if code, _ := get(t, web.URL+"/readyz"); code != http.StatusServiceUnavailable {
		t.Fatalf("ready: %d", code)
	}
	if code, _ := get(t, web.URL+"/"); code != http.StatusOK {
		t.Fatalf("response: %d", code)
	}
}
