package invoketest_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// Each Write reaches the caller at once.
func ExampleServer_HandleStream() {
	s := invoketest.NewServer(nil)
	defer s.Close()
	read := make(chan struct{})
	s.HandleStream("count", func(_ context.Context, _ []byte, w io.Writer) error {
		fmt.Fprint(w, "one, ")
		<-read // the caller has it, while the function still runs
		_, err := fmt.Fprintln(w, "two")
		return err
	})
	client, err := invoke.New(s.Options())
	if err != nil {
		fmt.Println(err)
		return
	}

	out, err := client.InvokeWithResponseStream(context.Background(), &invoke.InvokeWithResponseStreamInput{FunctionName: "count"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Body.Close()
	_, err = io.CopyN(os.Stdout, out.Body, int64(len("one, ")))
	close(read)
	if err == nil {
		_, err = io.Copy(os.Stdout, out.Body)
	}
	fmt.Println(err)
	// Output:
	// one, two
	// <nil>
}
