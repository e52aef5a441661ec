package observability

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/otlptranslator"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// dashboard is what these tests look at in docs/grafana.json.
type dashboard struct {
	Title, UID    string
	SchemaVersion int
	Panels        []panel
	Templating    struct{ List []variable }
}

type panel struct {
	ID          int
	Type, Title string
	Datasource  datasource
	Targets     []target
}

type target struct {
	RefID      string
	Datasource datasource
	Expr       string
}

type datasource struct{ Type, UID string }

type variable struct {
	Name, Type string
	Datasource datasource
	Query      json.RawMessage
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	text, err := os.ReadFile("../../docs/grafana.json")
	require.NoError(t, err)
	var d dashboard
	require.NoError(t, json.Unmarshal(text, &d))
	var id struct{ ID *int }
	require.NoError(t, json.Unmarshal(text, &id))
	require.Nil(t, id.ID, "a dashboard with an ID takes the place of another one")
	return d
}

func TestTheDashboardAsksWhichDataSourceToUse(t *testing.T) {
	chosen := datasource{Type: "prometheus", UID: "${datasource}"}
	d := readDashboard(t)
	require.NotEmpty(t, d.Title)
	require.NotEmpty(t, d.UID)
	require.NotZero(t, d.SchemaVersion)

	var names []string
	for _, v := range d.Templating.List {
		names = append(names, v.Name)
		if v.Name == "datasource" {
			require.Equal(t, "datasource", v.Type)
			require.JSONEq(t, `"prometheus"`, string(v.Query))
			continue
		}
		require.Equal(t, chosen, v.Datasource, v.Name)
	}
	require.Contains(t, names, "datasource")

	ids := map[int]bool{}
	for _, p := range d.Panels {
		require.False(t, ids[p.ID], p.Title)
		ids[p.ID] = true
		if p.Type == "row" {
			require.Empty(t, p.Targets, p.Title)
			continue
		}
		require.Equal(t, chosen, p.Datasource, p.Title)
		require.NotEmpty(t, p.Targets, p.Title)
		refs := map[string]bool{}
		for _, target := range p.Targets {
			require.Equal(t, chosen, target.Datasource, p.Title)
			require.False(t, refs[target.RefID], p.Title)
			refs[target.RefID] = true
		}
	}
}

var (
	selector = regexp.MustCompile(`\b(client_\w+)(?:\{([^}]*)\})?`) // client_call_errors_total{state="x"}
	matcher  = regexp.MustCompile(`(\w+)\s*[=!]~?\s*"`)
	grouping = regexp.MustCompile(`\bby \(([^)]*)\)`)
)

func TestTheDashboardAndTheAlarmsAskForWhatTheLibraryReports(t *testing.T) {
	emitted := emittedToPrometheus(t)
	check := func(where, query string) {
		selected := selector.FindAllStringSubmatch(query, -1)
		require.NotEmpty(t, selected, where)
		var labels []string
		for _, found := range selected {
			require.Contains(t, emitted, found[1], where)
			labels = emitted[found[1]]
			for _, label := range matcher.FindAllStringSubmatch(found[2], -1) {
				require.Contains(t, append(labels, "job"), label[1], "%s: %s", where, found[0])
			}
		}
		for _, found := range grouping.FindAllStringSubmatch(query, -1) {
			for label := range strings.SplitSeq(found[1], ",") {
				require.Contains(t, labels, strings.TrimSpace(label), "%s: %s", where, query)
			}
		}
	}
	page := string(readOperations(t))
	for _, found := range regexp.MustCompile("(?s)```promql\n(.*?)```").FindAllStringSubmatch(page, -1) {
		check("docs/operations.md", found[1])
	}
	d := readDashboard(t)
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			check(p.Title, target.Expr)
		}
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			var query struct{ Query string }
			require.NoError(t, json.Unmarshal(v.Query, &query))
			check(v.Name, query.Query)
		}
	}
}

func readOperations(t *testing.T) []byte {
	t.Helper()
	page, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	return page
}

// emittedToPrometheus makes calls that report everything there is, and returns the labels of every metric under the names
// that Prometheus gives them.
func emittedToPrometheus(t *testing.T) map[string][]string {
	t.Helper()
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	types := map[string]otlptranslator.MetricType{
		"histogram": otlptranslator.MetricTypeHistogram,
		"counter":   otlptranslator.MetricTypeMonotonicCounter, "up-down counter": otlptranslator.MetricTypeNonMonotonicCounter,
	}
	emitted := map[string][]string{}
	for _, s := range everything(t).series() {
		name, err := namer.Build(otlptranslator.Metric{Name: s.name, Unit: s.unit, Type: types[s.kind]})
		require.NoError(t, err)
		var labels []string
		for attribute := range strings.FieldsSeq(s.attributes) {
			key, _, _ := strings.Cut(attribute, "=")
			labels = append(labels, strings.NewReplacer(".", "_").Replace(key))
		}
		if s.kind == "histogram" {
			emitted[name+"_bucket"] = append(slices.Clone(labels), "le")
			emitted[name+"_sum"], emitted[name+"_count"] = labels, labels
			continue
		}
		emitted[name] = labels
	}
	return emitted
}

// everything is the observer of a call over a new TLS connection to a host with a name, and of one that fails.
func everything(t *testing.T) *observer {
	t.Helper()
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.TLS = true })
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	o := newObserver(t)
	client := newClient(t, s.Options(), o.watch, func(opts *invoke.Options) {
		opts.BaseEndpoint = strings.Replace(opts.BaseEndpoint, "127.0.0.1", "localhost", 1)
	})
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "echo", Payload: []byte("{}")})
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "missing"})
	require.Error(t, err)
	return o
}

// The page for operators names each metric, and no other.
func TestThePageForOperatorsListsTheMetrics(t *testing.T) {
	var listed, emitted []string
	for _, found := range regexp.MustCompile("`(client\\.[a-z_.]+)`").FindAllSubmatch(readOperations(t), -1) {
		listed = append(listed, string(bytes.TrimSpace(found[1])))
	}
	for _, s := range everything(t).series() {
		emitted = append(emitted, s.name)
	}
	slices.Sort(listed)
	require.Equal(t, slices.Compact(emitted), slices.Compact(listed))
}
