// hello is the example service of Bowline. It has the metrics, logs and traces that a canary needs.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/hello/internal/fault"
	"example.com/hello/internal/server"
	"example.com/hello/internal/telemetry"
	"example.com/hello/internal/version"
)

func main() {
	log := telemetry.NewLogger(os.Stdout)
	if err := run(log); err != nil {
		log.Error("ended", "error", err.Error())
		os.Exit(1)
	}
}

func run(log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	plan, err := fault.Load(os.Getenv)
	if err != nil {
		return err
	}
	shutdownDelay, err := time.ParseDuration(setting("SHUTDOWN_DELAY", "5s"))
	if err != nil {
		return err
	}
	tracing, err := telemetry.NewTracing(ctx, "hello", version.Current(), os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if err != nil {
		return err
	}
	service := &server.Server{
		Observer: telemetry.Observer{Log: log, Metrics: telemetry.NewMetrics("greet", "other"), Tracing: tracing},
		Fault:    plan,
	}
	web := &http.Server{
		Addr: ":" + setting("PORT", "8080"), Handler: service.Routes(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 120 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe() }()
	log.Info("listening", "address", web.Addr, "version", version.Current())
	if plan.CrashAfter > 0 {
		plan.CrashLater(os.TempDir(), func() {
			log.Error("crashed on purpose")
			os.Exit(1)
		})
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Requests arrive until every proxy has removed this endpoint.
	service.Leave()
	log.Info("leaving", "delay", shutdownDelay.String())
	time.Sleep(shutdownDelay)
	shutdown, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return errors.Join(web.Shutdown(shutdown), tracing.Shutdown(shutdown))
}

func setting(name, defaultValue string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return defaultValue
}
