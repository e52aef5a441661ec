package awsconfig

import (
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/transport"
)

// httpClient returns the client to send with, nil for the library's own.
func httpClient(configured aws.HTTPClient) invoke.HTTPClient {
	switch client := configured.(type) {
	case nil:
		return nil
	case *awshttp.BuildableClient:
		if !isPlain(client) {
			return client.Freeze() // an *http.Client, which is kept from following redirects
		}
		return transport.NewClient(func(c *transport.Config) { c.TLSConfig = client.GetTransport().TLSClientConfig })
	default:
		return client
	}
}

// isPlain tells whether nobody changed anything of the SDK's client but its
// TLS configuration.
func isPlain(client *awshttp.BuildableClient) bool {
	_, readTimeout := client.GetReadTimeout()
	return client.GetTimeout() == 0 && !readTimeout &&
		sameSettings(client.GetTransport(), awshttp.NewBuildableClient().GetTransport())
}

// sameSettings compares the exported fields, functions by what code they are.
// TLS is left out, and with it the choice of HTTP/2, which is part of it in a
// transport that has been copied.
func sameSettings(a, b *http.Transport) bool {
	va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range va.NumField() {
		switch field := va.Type().Field(i); {
		case !field.IsExported():
		case field.Name == "TLSClientConfig", field.Name == "TLSNextProto", field.Name == "ForceAttemptHTTP2":
		case field.Type.Kind() == reflect.Func:
			if va.Field(i).Pointer() != vb.Field(i).Pointer() {
				return false
			}
		case !reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface()):
			return false
		}
	}
	return true
}
