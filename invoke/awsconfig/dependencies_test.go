package awsconfig_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAProgramOnAwsconfigLinksNoLambdaClient(t *testing.T) {
	list, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	packages := strings.Fields(string(list))
	require.Contains(t, packages, "github.com/aws/aws-sdk-go-v2/config")
	for _, name := range packages {
		require.NotRegexp(t, `^github\.com/aws/aws-sdk-go-v2/service/lambda(/|$)`, name)
	}
}

func TestTheRootModuleRequiresNothingOfTheSDK(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	var required []string
	for _, match := range regexp.MustCompile(`(?m)^\s*(?:require )?([a-z]+\.[a-z]+/\S+) v`).FindAllStringSubmatch(string(mod), -1) {
		required = append(required, match[1])
	}
	require.Contains(t, required, "github.com/aws/smithy-go")
	for _, name := range required {
		require.NotContains(t, name, "aws-sdk-go")
	}
}
