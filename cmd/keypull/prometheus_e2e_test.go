package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// prometheus is one that scrapes a service every second, by the rules that are released.
type prometheus struct {
	t   *testing.T
	url string
	log *logBook
}

func newPrometheus(t *testing.T, target string) *prometheus {
	t.Helper()
	listen := "127.0.0.1:" + freePorts(t, 1)[0]
	rules, err := filepath.Abs(filepath.Join("..", "..", "deploy", "prometheus-rules.yml"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n"+
		"  - job_name: keypull\n    static_configs: [{targets: [%q]}]\n", rules, strings.TrimPrefix(target, "http://"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said := &logBook{secret: map[string]bool{}}
	for _, args := range [][]string{{"check", "rules", rules}, {"check", "config", config}} {
		if out, err := exec.CommandContext(t.Context(), "promtool", args...).CombinedOutput(); err != nil { //nolint:gosec // of this test
			t.Fatalf("promtool %v: %v\n%s", args, err, out)
		}
	}
	cmd := exec.Command("prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+listen) //nolint:gosec // of this test
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("Prometheus says\n%s", said)
		}
	})
	p := &prometheus{t: t, url: "http://" + listen, log: said}
	eventually(t, "Prometheus is ready", func() bool {
		got, err := tryRequest(http.MethodGet, p.url+"/-/ready", "", nil)
		return err == nil && got.status == http.StatusOK
	})
	return p
}

// query returns how many series an expression has.
func (p *prometheus) query(expression string) int {
	p.t.Helper()
	got := request(p.t, http.MethodGet, p.url+"/api/v1/query?query="+url.QueryEscape(expression), "", nil)
	var said struct {
		Status string
		Data   struct{ Result []any }
	}
	if err := json.Unmarshal([]byte(got.body), &said); err != nil || said.Status != "success" {
		p.t.Fatalf("%s: %v %s", expression, err, got.body)
	}
	return len(said.Data.Result)
}

// TestPrometheusScrapesTheServiceAndFollowsTheRules has a real one read what is told,
// evaluate every rule, and answer all that the dashboard asks it.
func TestPrometheusScrapesTheServiceAndFollowsTheRules(t *testing.T) {
	t.Parallel()
	s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), chatBlock())
	exposed := request(t, http.MethodGet, s.URL+"/metrics", "", nil)
	check := exec.CommandContext(t.Context(), "promtool", "check", "metrics")
	check.Stdin = strings.NewReader(exposed.body)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("promtool on the metrics: %v\n%s", err, out)
	}
	p := newPrometheus(t, s.URL)
	eventually(t, "the service is scraped", func() bool { return p.query(`up{job="keypull"} == 1 and on() keypull_ready == 1`) == 1 })
	var rules struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError, State string }
			}
		}
	}
	eventually(t, "all rules have been evaluated", func() bool {
		got := request(t, http.MethodGet, p.url+"/api/v1/rules", "", nil)
		if err := json.Unmarshal([]byte(got.body), &rules); err != nil {
			t.Fatal(err)
		}
		return len(rules.Data.Groups) > 0 && !strings.Contains(got.body, `"health":"unknown"`)
	})
	n := 0
	for _, group := range rules.Data.Groups {
		for _, r := range group.Rules {
			if n++; r.Health != "ok" || r.State == "firing" {
				t.Errorf("the rule %s is %s, %s: %s", r.Name, r.Health, r.State, r.LastError)
			}
		}
	}
	if n < 10 {
		t.Errorf("there are %d rules", n)
	}
	p.asksWhatTheDashboardAsks()
}

// asksWhatTheDashboardAsks has Prometheus understand each expression.
func (p *prometheus) asksWhatTheDashboardAsks() {
	p.t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "deploy", "grafana-dashboard.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(f)
	if err != nil {
		p.t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil || len(board.Panels) < 5 {
		p.t.Fatalf("the dashboard has %d panels: %v", len(board.Panels), err)
	}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			p.query(strings.NewReplacer("$__rate_interval", "1m", "$__interval", "1m", "$__range", "1h").Replace(target.Expr))
		}
	}
}
