package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

func TestARunningServerTellsHowItIsDoing(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.backsUp(t)
	var told struct {
		Ready   bool
		URL     string
		Sources []struct{ Publisher string }
		Pace    float64 `json:"asks_per_s"`
		Free    int64   `json:"disk_free"`
		Backup  *int64  `json:"backup_age_s"`
	}
	if err := json.Unmarshal([]byte(h.printed(t, "status --json")), &told); err != nil {
		t.Fatal(err)
	}
	if !told.Ready || told.URL != h.URL || told.Pace <= 0 || told.Free <= 0 || told.Backup == nil || len(told.Sources) != 1 {
		t.Errorf("status is %+v", told)
	}
	if got := h.printed(t, "status"); !strings.Contains(got, "answers at "+h.URL) {
		t.Errorf("status says %q", got)
	}
	h.stop()
	h.runs(t, []commandLine{{"without a server", "status --json", cli.Unreachable, "", "No server runs here"}})
}

func TestEachChannelIsAskedFromOutside(t *testing.T) {
	outside := httptest.NewServer(http.NotFoundHandler())
	defer outside.Close()
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(stormSecret))
	api := newBotAPI(t)
	channel := func(kind string, lines ...string) string {
		return fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = %q\n[publisher.channel.settings]\n%s\n", kind, kind, strings.Join(lines, "\n"))
	}
	s := serveConfig(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"),
		chatBlock(), telegramBlock(api.URL), channel("http", fmt.Sprintf("secret = %q", secret)), channel("alexa", `skill_id = "amzn1.ask.skill.1"`))
	probes := func(code int) map[string]probed {
		got, stdout, stderr := s.run("status --probe --json")
		var told serviceStatus
		if err := json.Unmarshal([]byte(stdout), &told); err != nil || got != code || stderr != "" {
			t.Fatalf("status ended with %d and said %q, %v", got, stderr, err)
		}
		all := map[string]probed{}
		for _, p := range told.Probes {
			all[p.Channel] = p
		}
		return all
	}
	for channel, how := range map[string]string{"web": "asked", "http": "asked", "tg": "account", "alexa": "none"} {
		if p := probes(cli.Done)[channel]; p.How != how || p.Error != "" {
			t.Errorf("%s was probed as %+v", channel, p)
		}
	}
	if got := s.printed(t, "status --probe"); !strings.Contains(got, "lecker/web  answers from outside, in ") {
		t.Errorf("it prints %q", got)
	}
	// What the world reaches is something else.
	s.stop()
	t.Setenv("KEYPULL_SERVER_PUBLIC_URL", outside.URL)
	s.start()
	for _, channel := range []string{"web", "http"} {
		if p := probes(cli.Findings)[channel]; !strings.Contains(p.Error, "answers with status 404. Look at what stands before the server") {
			t.Errorf("%s was probed as %+v", channel, p)
		}
	}
}

func TestEveryLineOfAnAskNamesIt(t *testing.T) {
	n := openNewsroom(t, `max_age = "10m"`)
	n.asks("First edition")
	n.api.answer(func(call botCall, w http.ResponseWriter) bool {
		if call.Method == "sendMessage" {
			botRefusal(w, http.StatusBadRequest, "Bad Request: message is too odd", "")
		}
		return call.Method == "sendMessage"
	})
	n.tell(newChat(), "news")
	eventually(t, "the refusal is told", func() bool { return strings.Contains(n.log.String(), "a reply was not sent") })
	n.settled()
	steps := map[string][]float64{}
	for line := range strings.Lines(n.log.String()) {
		var said struct {
			Msg, Channel string
			Ask          float64
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(said.Msg, "an ask ") || strings.HasPrefix(said.Msg, "a reply ") {
			steps[said.Msg] = append(steps[said.Msg], said.Ask)
			if said.Ask == 0 || said.Channel != "tg" {
				t.Errorf("it names no ask: %s", line)
			}
		}
	}
	for _, step := range []string{"an ask is taken up", "an ask is settled", "an ask is finished"} {
		if len(steps[step]) != 2 || steps[step][0] == steps[step][1] {
			t.Errorf("%s: %v", step, steps[step])
		}
	}
	if refused := steps["a reply was not sent"]; len(refused) != 1 || refused[0] != steps["an ask is settled"][1] {
		t.Errorf("what was not sent was of %v", refused)
	}
}

func TestMetricsTellOfAsksAndNothingOfReaders(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.reply(h.api, stayingReader, stayingMark+" parade")
	h.settled()
	got := request(t, http.MethodGet, h.URL+"/metrics", "", nil)
	for _, want := range []string{
		`keypull_asks_total{outcome="answered",publisher="lecker"} 1`, `keypull_ask_duration_seconds_count{publisher="lecker"} 2`,
		`keypull_channel_sent_total{channel="tg",publisher="lecker"} 2`, "keypull_ready 1", "keypull_store_disk_free_bytes ",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("/metrics does not tell %s", want)
		}
	}
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || strings.Contains(got.body, stayingMark) {
		t.Errorf("/metrics answered %d, %s", got.status, got.header.Get("Content-Type"))
	}
}
