// __SERVICE__ is an HTTP service.
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

	"__MODULE__/internal/server"
	"__MODULE__/internal/telemetry"
	"__MODULE__/internal/version"
)

func main() {
	log := telemetry.NewLogger(os.Stdout)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, log, os.Getenv); err != nil {
		log.Error("ended", "error", err.Error())
		os.Exit(1)
	}
}

// run serves until ctx is done, then shuts down without losing a request.
func run(ctx context.Context, log *slog.Logger, getenv func(string) string) error {
	setting := func(name, defaultValue string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return defaultValue
	}
	shutdownDelay, err := time.ParseDuration(setting("SHUTDOWN_DELAY", "5s"))
	if err != nil {
		return err
	}
	tracing, err := telemetry.NewTracing(ctx, "__SERVICE__", version.Current(), getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if err != nil {
		return err
	}
	service := &server.Server{
		Observer: telemetry.Observer{Log: log, Metrics: telemetry.NewMetrics(server.Handlers...), Tracing: tracing},
	}
	web := &http.Server{
		Addr: ":" + setting("PORT", "8080"), Handler: service.Routes(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 120 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe() }()
	log.Info("listening", "address", web.Addr, "version", version.Current())
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
