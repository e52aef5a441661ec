package invoke

import (
	stderrors "errors"
	"net/http"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// mendings are the causes of a failure that a call can remove by itself, each
// once: trying a second time would fail the same way.
type mendings struct {
	credentials, clock bool
}

// mend removes the cause of err where err is mendable, and reports whether the
// call deserves another attempt for it. A mendable error that was not mended
// would come again.
func (m *mendings) mend(c *call, err error) (mendable, mended bool) {
	// Middleware may return the error of another request, one that this call
	// neither signed nor sent: its cause is not the call's.
	own := c.verdict != nil && stderrors.Is(err, c.verdict)
	if own {
		err = c.verdict
	}
	var service *errors.LambdaServiceException
	if !errors.As(err, &service) {
		return false, false
	}
	switch service.Code {
	case "ExpiredTokenException":
		if own && !m.credentials {
			m.credentials = c.config.credentials.Invalidate(c.identity)
			return true, m.credentials
		}
		return true, false
	case "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "AccessDeniedException":
		if own && c.skewKnown && !m.clock {
			m.clock = (c.skew - c.signedSkew).Abs() > skewThreshold
			return true, m.clock
		}
		return true, false
	}
	return false, false
}

// skewThreshold is the difference between two clocks above which it explains a
// refused signature.
const skewThreshold = 4 * time.Minute

// maxSkewAge is how old a request may be for its response to tell the time.
const maxSkewAge = 15 * time.Minute

// learnSkew takes the difference between the service's clock and the local one
// from a response that arrived at now. A cached response tells an old time,
// and one that took too long may.
func (c *call) learnSkew(h http.Header, now time.Time) {
	if _, cached := h[wire.HeaderAge]; cached || now.Sub(c.sentAt) > maxSkewAge {
		return
	}
	date, ok := wire.Date(h)
	if !ok {
		return
	}
	c.skew, c.skewKnown = date.Sub(now), true
	c.config.skew.Store(int64(c.skew))
}
