package measure

import (
	"bytes"
	"encoding/json"
	"os"
)

// Save writes the summary to a file, as JSON with one row a line.
func (s *Summary) Save(file string) error {
	machine, err := json.Marshal(s.Machine)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	text.WriteString("{\"Machine\": " + string(machine) + ",\n\"Rows\": [")
	for i, r := range s.Rows {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('\n')
		text.Write(line)
	}
	text.WriteString("\n]}\n")
	return os.WriteFile(file, text.Bytes(), 0o644)
}

// Load reads what Save wrote.
func Load(file string) (*Summary, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var s Summary
	return &s, json.Unmarshal(text, &s)
}
