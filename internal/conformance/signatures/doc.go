// Package signatures holds internal/sigv4 against two other implementations of Signature Version 4:
// the AWS SDK for Go's v4 signer and smithy-go's aws-http-auth.
package signatures
