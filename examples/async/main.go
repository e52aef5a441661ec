// Command async sends events without waiting for the function, and tells apart
// the events that were accepted, those that were refused, and those of which the
// client cannot know. It needs no account: the function runs at an endpoint inside this program.
//
//	go run ./examples/async
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

type mail struct {
	To string `json:"to"`
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer) error {
	endpoint := invoketest.NewServer(nil)
	defer endpoint.Close()
	invoketest.HandleFunc(endpoint, "send-mail", func(ctx context.Context, m mail) (any, error) {
		time.Sleep(100 * time.Millisecond) // nobody waits for it
		return nil, nil
	})
	// The first event is accepted, the second is refused once, the answer to the
	// third is lost, the fourth is not allowed.
	endpoint.Script("send-mail",
		nil,
		invoketest.Throw("ResourceNotReadyException"), nil,
		invoketest.HangUp(invoketest.AfterRun, invoketest.Reset),
		invoketest.Throw("AccessDeniedException"),
	)
	client, err := invoke.New(endpoint.Options())
	if err != nil {
		return err
	}

	sendMail := invoke.NewFunc[mail, struct{}](client, "send-mail")
	for _, to := range []string{"ada", "grace", "edsger", "barbara"} {
		err := sendMail.Send(ctx, mail{To: to})
		switch {
		case err == nil:
			fmt.Fprintf(stdout, "%-8s accepted, and will run\n", to)
		case errors.MayHaveExecuted(err):
			fmt.Fprintf(stdout, "%-8s unknown: may run; sending again might mail twice\n", to)
		default:
			fmt.Fprintf(stdout, "%-8s did not get through: safe to send again\n", to)
		}
	}

	if err := endpoint.Wait(ctx); err != nil { // for what runs in the background
		return err
	}
	fmt.Fprintf(stdout, "%d mails went out\n", endpoint.Runs("send-mail"))
	return nil
}
