package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// input makes the call's input of the command line.
func (cmd *command) input(stdin *os.File) (*invoke.InvokeInput, error) {
	payload, err := cmd.readPayload(stdin)
	if err != nil {
		return nil, err
	}
	in := &invoke.InvokeInput{
		FunctionName:         cmd.function,
		Qualifier:            cmd.qualifier,
		InvocationType:       invoke.InvocationType(cmd.invocation),
		DurableExecutionName: cmd.durable,
		TenantId:             cmd.tenant,
		Payload:              payload,
	}
	switch in.InvocationType {
	case invoke.InvocationTypeRequestResponse, invoke.InvocationTypeEvent, invoke.InvocationTypeDryRun:
	default:
		return nil, fmt.Errorf("-type %q is none of RequestResponse, Event and DryRun", cmd.invocation)
	}
	if cmd.log {
		if in.InvocationType != invoke.InvocationTypeRequestResponse {
			return nil, errors.New("-log needs a call that waits for the result: leave -type out")
		}
		in.LogType = invoke.LogTypeTail
	}
	if cmd.clientContext != "" {
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(cmd.clientContext), &object) != nil || object == nil {
			return nil, errors.New("-client-context is not a JSON object")
		}
		if in.ClientContext, err = invoke.EncodeClientContext(json.RawMessage(cmd.clientContext)); err != nil {
			return nil, err
		}
	}
	return in, nil
}

func (cmd *command) readPayload(stdin *os.File) ([]byte, error) {
	switch {
	case cmd.payloadGiven:
		return []byte(cmd.payload), nil
	case cmd.file == "-", cmd.file == "" && isPiped(stdin):
		payload, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read the payload from standard input: %w", err)
		}
		return payload, nil
	case cmd.file != "":
		payload, err := os.ReadFile(cmd.file)
		if err != nil {
			return nil, fmt.Errorf("read the payload: %w", err)
		}
		return payload, nil
	}
	return nil, nil
}

// isPiped tells whether standard input was given on purpose: a pipe or a file,
// not a terminal and not nothing.
func isPiped(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
}
