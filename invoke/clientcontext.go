package invoke

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// ClientContext is the client context in the form that Lambda's runtimes know:
// a handler finds it in its context object, as clientContext in Node.js,
// client_context in Python and Ruby, lambdacontext.ClientContext in Go,
// getClientContext() in Java. Encode makes it what [InvokeInput].ClientContext
// takes. Empty members are left out.
//
// A handler that reads another form takes what [EncodeClientContext] makes.
type ClientContext struct {
	// Custom is what the caller wants to say.
	Custom map[string]string `json:"custom,omitempty"`
	// Env describes the environment of the caller.
	Env map[string]string `json:"env,omitempty"`
	// Client describes the calling application.
	Client ClientApplication `json:"client,omitzero"`
}

// ClientApplication describes the application that calls. Empty members are
// left out.
type ClientApplication struct {
	InstallationID string `json:"installation_id,omitempty"`  // tells one installation from another
	AppTitle       string `json:"app_title,omitempty"`        // the name that people know
	AppVersionName string `json:"app_version_name,omitempty"` // the version that people know
	AppVersionCode string `json:"app_version_code,omitempty"` // the version that the build system knows
	AppPackageName string `json:"app_package_name,omitempty"` // the name that the platform knows
}

// Encode is [EncodeClientContext] of c.
func (c ClientContext) Encode() (Base64, error) { return EncodeClientContext(c) }

// EncodeClientContext makes a client context of any value: its JSON in base64.
// The JSON must be an object for the runtimes to accept it. An error says that
// v does not encode, or is over the service's limit of 3,583 bytes in base64,
// which are 2,685 bytes of JSON.
func EncodeClientContext(v any) (Base64, error) {
	object, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("invoke: the client context does not encode: %w", err)
	}
	if n := base64.StdEncoding.EncodedLen(len(object)); n > maxClientContext {
		return "", fmt.Errorf("invoke: the client context has %d bytes in base64; the limit is %d", n, maxClientContext)
	}
	return base64.StdEncoding.EncodeToString(object), nil
}
