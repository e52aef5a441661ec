package containercreds

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Credentials are what requests are signed with. However they are printed,
// logged or encoded as JSON, only the access key ID and the expiry show.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
	Expires         time.Time // zero: never
}

// String shows what is no secret.
func (c Credentials) String() string {
	expiry := "never expires"
	if !c.Expires.IsZero() {
		expiry = "expires " + c.Expires.Format(time.RFC3339)
	}
	return fmt.Sprintf("credentials of %s (%s, secrets not shown)", c.AccessKeyID, expiry)
}

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// Format prints String for every verb, those that would print fields included.
func (c Credentials) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue is String.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is String; encoding/json uses it too.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
