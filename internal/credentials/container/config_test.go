package container_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/container"
)

func TestNewAllowsPlainHTTPToTheMachineItselfOnly(t *testing.T) {
	tests := map[string]bool{
		"http://127.0.0.1/creds":            true,
		"http://127.0.0.1:8080":             true,
		"http://127.1.2.3/":                 true,
		"http://[::1]:80/creds":             true,
		"http://[::ffff:127.0.0.1]/creds":   true,
		"http://169.254.170.2/v2/x":         true,
		"http://169.254.170.23/v1/creds":    true,
		"http://[fd00:ec2::23]/v1/creds":    true,
		"https://example.com/creds":         true,
		"https://10.0.0.1/creds":            true,
		"HTTP://127.0.0.1/creds":            true,
		"http://169.254.169.254/latest":     false,
		"http://169.254.170.3/v2/x":         false,
		"http://[fd00:ec2::254]/":           false,
		"http://[::2]/":                     false,
		"http://[fe80::1%25lo]/":            false,
		"http://0.0.0.0/":                   false,
		"http://10.0.0.1/":                  false,
		"http://128.0.0.1/":                 false,
		"http://93.184.216.34:8080/":        false,
		"http://[::ffff:93.184.216.34]/":    false,
		"HTTP://93.184.216.34/":             false,
		"http://127.0.0.1.example.invalid/": false,
	}
	for uri, want := range tests {
		t.Run(uri, func(t *testing.T) {
			cfg := container.WithAddresses(container.Config{FullURI: uri}, nil, "93.184.216.34")
			p, err := container.New(cfg)
			if want {
				require.NoError(t, err)
				require.NotNil(t, p)
				return
			}
			require.ErrorContains(t, err, "container credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI names the host ")
			require.ErrorContains(t, err, "plain http is for loopback addresses and the ECS and EKS agents only")
			require.Nil(t, p)
		})
	}
}

func TestNewTrustsANameOnlyIfAllItsAddressesAreAllowed(t *testing.T) {
	unresolved := errors.New("no such host")
	tests := map[string]struct {
		addresses []string
		lookupErr error
		err       string
	}{
		"loopback":            {addresses: []string{"127.0.0.1", "::1"}},
		"loopback, mapped":    {addresses: []string{"::ffff:127.0.0.1"}},
		"agent":               {addresses: []string{"169.254.170.23", "fd00:ec2::23"}},
		"one of them outside": {addresses: []string{"127.0.0.1", "93.184.216.34"}, err: `names the host "agent.test": plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https`},
		"outside":             {addresses: []string{"2606:2800::1"}, err: `names the host "agent.test": plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https`},
		"no address":          {err: `names the host "agent.test": plain http is for loopback addresses and the ECS and EKS agents only, any other host needs https`},
		"not resolved":        {lookupErr: unresolved, err: `names the host "agent.test", which cannot be resolved: no such host`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := container.Config{FullURI: "http://agent.test:1234/creds"}
			_, err := container.New(container.WithAddresses(cfg, test.lookupErr, test.addresses...))
			if test.err == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "container credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI "+test.err)
			if test.lookupErr != nil {
				require.ErrorIs(t, err, test.lookupErr)
			}
		})
	}
}

func TestConnectionsAreRefusedToAddressesThatANameTurnsOutToHave(t *testing.T) {
	require.NoError(t, container.Guard("127.0.0.1:80"))
	require.NoError(t, container.Guard("[::1]:80"))
	require.NoError(t, container.Guard("169.254.170.2:80"))
	require.Error(t, container.Guard("93.184.216.34:80"))
	require.Error(t, container.Guard("[fe80::1%lo]:80"))
	require.Error(t, container.Guard("nonsense"))
}

func TestNoProxyIsTakenToTheMachinesOwnAddresses(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, "http://proxy.test:3128")
	}
	for _, name := range []string{"NO_PROXY", "no_proxy", "http_proxy", "https_proxy"} {
		t.Setenv(name, "")
		require.NoError(t, os.Unsetenv(name))
	}
	for uri, want := range map[string]*url.URL{
		"http://169.254.170.2/x":  nil,
		"http://localhost/x":      nil,
		"https://169.254.170.2/x": nil,
		"https://127.0.0.1/x":     nil,
		"https://[fd00:ec2::23]/": nil,
		"https://example.com/x":   {Scheme: "http", Host: "proxy.test:3128"},
	} {
		got, err := container.ProxyFor(uri)
		require.NoError(t, err)
		require.Equal(t, want, got, uri)
	}
}

func TestNewSaysWhatIsWrongAndInWhichVariable(t *testing.T) {
	tests := map[string]struct {
		cfg container.Config
		err string
	}{
		"nothing set":          {container.Config{}, "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"},
		"token alone":          {container.Config{AuthToken: "t"}, "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"},
		"relative, no slash":   {container.Config{RelativeURI: "@example.com/secret-path"}, `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with "/"`},
		"relative, no path":    {container.Config{RelativeURI: "/secret-path\x00"}, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not the path of a URL"},
		"relative wins":        {container.Config{RelativeURI: "x", FullURI: "http://127.0.0.1"}, `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with "/"`},
		"full, no URL":         {container.Config{FullURI: "http://127.0.0.1:port/secret-path"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL"},
		"full, no scheme":      {container.Config{FullURI: "127.0.0.1/secret-path"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http or https URL"},
		"full, other scheme":   {container.Config{FullURI: "ftp://127.0.0.1/secret-path"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http or https URL"},
		"full, no host":        {container.Config{FullURI: "http:///secret-path"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is a URL without a host"},
		"full, port alone":     {container.Config{FullURI: "https://:80/secret-path"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is a URL without a host"},
		"full, user":           {container.Config{FullURI: "http://u:secret-path@127.0.0.1/"}, "AWS_CONTAINER_CREDENTIALS_FULL_URI is a URL with a user name in it"},
		"token, two lines":     {container.Config{FullURI: "http://127.0.0.1", AuthToken: "secret-path\r\nX: y"}, "AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break or another control character"},
		"token, line at end":   {container.Config{RelativeURI: "/x", AuthToken: "secret-path\n"}, "AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break or another control character"},
		"token, other control": {container.Config{RelativeURI: "/x", AuthToken: "secret-path\x00"}, "AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break or another control character"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := container.New(test.cfg)
			require.EqualError(t, err, "container credentials: "+test.err)
			require.Nil(t, p)
			require.NotContains(t, err.Error(), "secret-path")
		})
	}
}

func TestNewIgnoresATokenThatTheTokenFileReplaces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("good"), 0o600))
	_, err := container.New(container.Config{RelativeURI: "/x", AuthToken: "bad\n", AuthTokenFile: file})
	require.NoError(t, err)
}

func TestNewOpensTheTokenFile(t *testing.T) {
	_, err := container.New(container.Config{RelativeURI: "/x", AuthTokenFile: "/nowhere/token"})
	require.EqualError(t, err, "container credentials: the authorization token file /nowhere/token (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read: no such file or directory")
}
