package main

import (
	"bytes"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// disk is a file on a disk with room for some more bytes. What is written goes
// to its end.
type disk struct {
	read    *strings.Reader
	written bytes.Buffer
	room    int
}

func newDisk(content string, room int) *disk {
	return &disk{read: strings.NewReader(content), room: room}
}

func (d *disk) Read(p []byte) (int, error) { return d.read.Read(p) }

func (d *disk) Write(p []byte) (int, error) {
	n := min(len(p), d.room)
	d.room -= n
	d.written.Write(p[:n])
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *disk) Close() error { return nil }

func TestAFullDiskStopsTheFanOutAndNamesWhatItCouldNotWriteDown(t *testing.T) {
	const items = 100
	full := newDisk("", 70)
	j, err := openJournal("state", full)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), items, 5, j, &line{w: &out}))
	require.NotContains(t, out.String(), "start again")

	err = j.close()
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorContains(t, err, "state lacks these items")
	require.Less(t, len(j.finished)+len(j.missing), items, "it went on")
	for _, item := range j.missing {
		require.NotContains(t, j.finished, item)
		require.Regexp(t, `[ \[]`+strconv.Itoa(item)+`[ \]]`, err.Error())
	}
}

func TestWhatAJournalSays(t *testing.T) {
	for name, test := range map[string]struct {
		content  string
		finished map[int]bool
		ended    string // what is written before anything else
		err      string
	}{
		"nothing":                     {"", map[int]bool{}, "", ""},
		"a success and a failure":     {"3 9 <nil>\n4 0 function square failed: no\n", map[int]bool{3: true, 4: false}, "", ""},
		"cut in the error":            {"3 9 <nil>\n12 0 function squ", map[int]bool{3: true, 12: false}, "\n", ""},
		"cut before the end of line":  {"12 144 <nil>", map[int]bool{12: true}, "\n", ""},
		"cut after the number":        {"12 ", map[int]bool{12: false}, "\n", ""},
		"cut in the number, or after": {"3 9 <nil>\n12", nil, "", `state: "12" does not say which item finished`},
		"no journal":                  {"Dear diary,\n", nil, "", `state: "Dear diary,\n" does not say which item finished`},
	} {
		t.Run(name, func(t *testing.T) {
			file := newDisk(test.content, 1)
			j, err := openJournal("state", file)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.finished, j.finished)
			require.Equal(t, test.ended, file.written.String())
		})
	}
}
