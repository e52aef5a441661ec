package endpoint

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

// Endpoint is an endpoint in a process of its own.
type Endpoint struct {
	URL         string            // without a slash at the end
	Roots       *x509.CertPool    // what to trust; nil without TLS
	Certificate *x509.Certificate // the one in Roots

	process *exec.Cmd
	ask     io.WriteCloser
	answers *json.Decoder
}

// Start runs the calling program again as an endpoint. Stop it with Close.
func Start(config Config) (*Endpoint, error) {
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	e := &Endpoint{process: exec.Command(self)}
	e.process.Env = append(os.Environ(), childVariable+"="+string(text))
	e.process.Stderr = os.Stderr
	if e.ask, err = e.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := e.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	e.answers = json.NewDecoder(out)
	if err := e.process.Start(); err != nil {
		return nil, err
	}

	var h hello
	if err := e.answers.Decode(&h); err != nil {
		return nil, errors.Join(fmt.Errorf("the endpoint did not start: %w", err), e.Close())
	}
	e.URL = h.URL
	if len(h.Certificate) > 0 {
		if e.Certificate, err = x509.ParseCertificate(h.Certificate); err != nil {
			return nil, errors.Join(err, e.Close())
		}
		e.Roots = x509.NewCertPool()
		e.Roots.AddCert(e.Certificate)
	}
	return e, nil
}

// Stats returns what the endpoint has seen since it was last asked. It is not safe for concurrent use.
func (e *Endpoint) Stats() (Stats, error) { return e.say("") }

// SetLimit changes [Config].Limit, calls that are running aside, and returns the stats like [Endpoint.Stats]. The two are
// not safe for concurrent use.
func (e *Endpoint) SetLimit(limit int) (Stats, error) { return e.say(strconv.Itoa(limit)) }

func (e *Endpoint) say(line string) (s Stats, err error) {
	if _, err = io.WriteString(e.ask, line+"\n"); err == nil {
		err = e.answers.Decode(&s)
	}
	return s, err
}

// Close ends the process.
func (e *Endpoint) Close() error {
	e.ask.Close()
	return e.process.Wait()
}
