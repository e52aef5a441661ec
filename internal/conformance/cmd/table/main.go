// Command table rewrites the tables of the README. It is run in the module's folder.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/internal/conformance/ledger"
)

func main() {
	if err := run("README.md"); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	have, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	want, err := ledger.Update(context.Background(), string(have))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(want), 0o644)
}
