package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/readme"
)

func TestGoInMarkdownAboutThisModuleCompiles(t *testing.T) {
	blocks, err := readme.Blocks(os.DirFS("../.."))
	require.NoError(t, err)
	require.NoError(t, readme.Compile(".", readme.Of("examples/otel", blocks)))
}
