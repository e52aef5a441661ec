// Httpservice is a web service that asks a Lambda function for prices, and says to its own callers what they can do about a failure.
// It needs no account: the function runs in an endpoint inside the program.
//
//	go run ./examples/httpservice
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

type order struct {
	Item  string `json:"item"`
	Count int    `json:"count"`
}

type price struct {
	Cents int `json:"cents"`
}

// service answers POST /price. In its tests the function is a fake.
func service(functions invoke.Invoker) http.Handler {
	quote := invoke.NewFunc[order, price](functions, "quote")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /price", func(w http.ResponseWriter, r *http.Request) {
		var in order
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, "the order is not JSON", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second) // ends with the request as well
		defer cancel()
		reply, err := quote.Invoke(ctx, in)
		if err != nil {
			status, text := explain(err)
			http.Error(w, text, status)
			return
		}
		w.Header().Set("X-Function-Request-Id", reply.RequestID)
		_ = json.NewEncoder(w).Encode(reply.Out)
	})
	return mux
}

// explain makes an answer of a call's error.
func explain(err error) (status int, text string) {
	var throttled *errors.TooManyRequestsException
	var failed *errors.FunctionError
	switch {
	case errors.As(err, &throttled):
		return http.StatusTooManyRequests, "busy, try again later"
	case errors.As(err, &failed):
		return http.StatusUnprocessableEntity, failed.ErrorMessage
	case !errors.MayHaveExecuted(err):
		return http.StatusServiceUnavailable, "nothing was done, try again"
	default:
		return http.StatusBadGateway, "the outcome is unknown"
	}
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "quote", func(_ context.Context, o order) (price, error) { return price{Cents: 250 * o.Count}, nil })
	client, err := invoke.New(endpoint.Options()) // in production: invoke.NewFromEnv(ctx)
	if err != nil {
		return err
	}
	server := httptest.NewServer(service(client)) // in production: http.ListenAndServe
	defer server.Close()

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/price", strings.NewReader(`{"item":"tea","count":3}`))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Fprintf(out, "%d %s", resp.StatusCode, body)
	return err
}
