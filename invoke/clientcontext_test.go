package invoke_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func TestClientContextIsBase64OfJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		value any
		want  string
	}{
		"empty":  {invoke.ClientContext{}, `{}`},
		"custom": {invoke.ClientContext{Custom: map[string]string{"tenant": "blue"}}, `{"custom":{"tenant":"blue"}}`},
		"all": {
			invoke.ClientContext{
				Custom: map[string]string{"a": "1"},
				Env:    map[string]string{"locale": "de"},
				Client: invoke.ClientApplication{
					InstallationID: "i", AppTitle: "t", AppVersionName: "n", AppVersionCode: "c", AppPackageName: "p",
				},
			},
			`{"custom":{"a":"1"},"env":{"locale":"de"},"client":{"installation_id":"i","app_title":"t",
			  "app_version_name":"n","app_version_code":"c","app_package_name":"p"}}`,
		},
		"a caller's own form": {map[string]any{"trace": []int{1, 2}}, `{"trace":[1,2]}`},
	} {
		t.Run(name, func(t *testing.T) {
			encoded, err := invoke.EncodeClientContext(tc.value)
			require.NoError(t, err)
			object, err := base64.StdEncoding.DecodeString(encoded)
			require.NoError(t, err)
			require.JSONEq(t, tc.want, string(object))
		})
	}
}

func TestClientContextIsHeldToTheLimit(t *testing.T) {
	const around = `{"custom":{"k":""}}`
	fits := invoke.ClientContext{Custom: map[string]string{"k": strings.Repeat("s", 2685-len(around))}}
	encoded, err := fits.Encode()
	require.NoError(t, err)
	require.Len(t, encoded, 3580)

	fits.Custom["k"] += "s"
	_, err = fits.Encode()
	require.EqualError(t, err, "invoke: the client context has 3584 bytes in base64; the limit is 3583")
}

func TestClientContextThatDoesNotEncodeIsAnError(t *testing.T) {
	_, err := invoke.EncodeClientContext(make(chan int))
	require.ErrorContains(t, err, "does not encode")
}
