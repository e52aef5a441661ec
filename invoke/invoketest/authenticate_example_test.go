package invoketest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// Credentials expire in the midst of work. A client asks its provider for others.
func ExampleServer_RotateCredentials() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("price", func(context.Context, []byte) ([]byte, error) { return []byte("2.5"), nil })
	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(price(context.Background(), client, "tea"))
	s.RotateCredentials()
	fmt.Println(price(context.Background(), client, "tea"))
	for _, r := range s.Requests() {
		fmt.Println("attempt", r.Attempt, "status", r.Status)
	}
	// Output:
	// 2.5 <nil>
	// 2.5 <nil>
	// attempt 1 status 200
	// attempt 1 status 403
	// attempt 2 status 200
}

// The clock of this machine is an hour slow. A client learns of it from the first
// refusal, and signs by the server's clock from then on.
func ExampleServer_SetClockOffset() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	s.Handle("price", func(context.Context, []byte) ([]byte, error) { return []byte("2.5"), nil })
	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	s.SetClockOffset(time.Hour)
	fmt.Println(price(context.Background(), client, "tea"))
	fmt.Println(price(context.Background(), client, "tea"))
	for _, r := range s.Requests() {
		fmt.Println("attempt", r.Attempt, "status", r.Status)
	}
	// Output:
	// 2.5 <nil>
	// 2.5 <nil>
	// attempt 1 status 403
	// attempt 2 status 200
	// attempt 1 status 200
}
