package suite

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/clients"
)

const module = "github.com/lambda-invoke/lambda-invoke-go/internal/benchmark"

// ldflags leave out what only debuggers need.
const ldflags = "-s -w"

// build builds a program into dir and returns where it is.
func build(ctx context.Context, dir, program string) (string, error) {
	path := filepath.Join(dir, program)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags="+ldflags, "-o", path, module+"/programs/"+program)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", program, err, out)
	}
	return path, nil
}

func fileSize(path string) (float64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()), nil
}

// canTrust is whether programs trust what the environment names. Elsewhere the system keeps the certificates.
const canTrust = runtime.GOOS != "windows" && runtime.GOOS != "darwin"

// trust makes the certificate the only one that programs with the environment of dir trust. So they do not parse those of
// the system, which takes different time on different systems, and the same for all clients.
func trust(dir string, cert *x509.Certificate) error {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	if err := os.Mkdir(filepath.Join(dir, "none"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "roots.pem"), text, 0o600)
}

// environment is that of the programs: this one's, but with what those need that take their configuration from there,
// and without what else they might find.
func environment(dir string) []string {
	others := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(others,
		"SSL_CERT_FILE="+filepath.Join(dir, "roots.pem"), "SSL_CERT_DIR="+filepath.Join(dir, "none"),
		"AWS_REGION="+clients.Region, "AWS_ACCESS_KEY_ID="+clients.AccessKey, "AWS_SECRET_ACCESS_KEY="+clients.Secret)
}

// lifetime runs a program from its start to its end.
func lifetime(ctx context.Context, dir, path string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = environment(dir)
	start := time.Now()
	err := cmd.Run()
	return time.Since(start), err
}

// inits runs a program that ends at once, and adds up what the runtime says about the initialisation of its packages.
func inits(ctx context.Context, dir, path string) (map[string]float64, error) {
	var trace bytes.Buffer
	cmd := exec.CommandContext(ctx, path)
	cmd.Env = append(environment(dir), "GODEBUG=inittrace=1")
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		return map[string]float64{}, err
	}
	var clock, allocs float64
	for line := range strings.Lines(trace.String()) {
		// init net/http @1.2 ms, 0.034 ms clock, 3456 bytes, 78 allocs
		_, costs, _ := strings.Cut(line, "@")
		var at, ms, b, n float64
		if _, err := fmt.Sscanf(costs, "%f ms, %f ms clock, %f bytes, %f allocs", &at, &ms, &b, &n); err == nil {
			clock, allocs = clock+ms*1e6, allocs+n
		}
	}
	return map[string]float64{"init-ns": clock, "init-allocs": allocs}, nil
}
