package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// asPoison plants a kind of source that ends the process, by the way that it
// names.
const asPoison = "KEYPULL_E2E_POISON"

// It is planted before the program begins.
var _ = plantPoison()

func plantPoison() bool {
	way := os.Getenv(asPoison)
	if way != "" {
		planted = append(planted, sources.Kind{Name: "poison", Title: "Poison", Help: "Ends the process.",
			New: func() sources.Opener { return &poisonSettings{} }})
	}
	return way != ""
}

type poisonSettings struct {
	Text string `name:"text" label:"Text" help:"Any text." example:"x"`
}

func (s *poisonSettings) Open(sources.Env) (pull.Source, error) { return poisonSource{}, nil }

// poisonSource ends the process when "poison" is asked for, and answers all else.
type poisonSource struct{}

func (poisonSource) Key(q pull.Query) (string, error) { return q.Argument, nil }

func (poisonSource) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: time.Now(), Items: []what.Item{{ID: "1", Title: "sound"}}}, nil
}

func (poisonSource) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if q.Argument == "poison" {
		switch os.Getenv(asPoison) {
		case "exit":
			os.Exit(3)
		case "fatal":
			// Nobody can catch a panic in a goroutine of its own.
			go func() { panic("no word of a reader") }()
			select {}
		}
	}
	return pull.Selection{Items: s.Items}, nil
}

// An ask that ends the process ends it three times, and no fourth; everybody
// else is answered.
func TestAnAskThatEndsTheProcessEndsItThriceAndNoFourthTime(t *testing.T) {
	for _, way := range []string{"exit", "fatal"} {
		t.Run(way, func(t *testing.T) { endsThrice(t, way) })
	}
}

func endsThrice(t *testing.T, way string) {
	t.Setenv(asPoison, way)
	book := &logBook{secret: map[string]bool{}} // the runtime tells of the end in it
	config := writeConfig(t, chatBlock(), sourceBlock("bad", "poison", "", "text = \"x\""), keywordBlock("drink", "bad", "argument = \"required\""))
	p := startProcess(t, book, config)
	say := func(id, text string) (posted, error) {
		body, _ := json.Marshal(map[string]string{"id": id, "text": text})
		return tryRequest(http.MethodPost, p.url+"/chat/lecker/web/messages", string(body), map[string]string{"Content-Type": "application/json"})
	}
	if got, err := say("1", "drink water"); err != nil || !strings.Contains(got.body, "sound") {
		t.Fatalf("%v: %s", err, got.body)
	}
	if _, err := say("2", "drink poison"); err == nil {
		t.Fatal("the poison was answered")
	}
	ends := 0
	for gone := true; gone; {
		<-p.done //nolint:errcheck // a process that ended so has failed
		p.cmd = nil
		if ends++; ends > 5 {
			t.Fatal("the process ends for ever")
		}
		p = launch(t, book, "serve", "-c", config)
		gone = p.url == "" || answersUntilItEnds(book, p, say, ends)
	}
	if ends != 3 {
		t.Errorf("the process ended %d times", ends)
	}
	if got, err := say("9", "drink poison"); err != nil || !strings.Contains(got.body, "went wrong on our side") {
		t.Errorf("asked again: %v: %s", err, got.body)
	}
	if got, err := say("10", "drink milk"); err != nil || !strings.Contains(got.body, "sound") {
		t.Errorf("%v: %s", err, got.body)
	}
	log := book.String()
	_, why, _ := strings.Cut(log, "an ask is given up")
	if strings.Count(log, "an ask is given up") != 1 || way == "fatal" && !strings.Contains(why, "panic at keypull/poison_e2e_test.go") {
		t.Errorf("the log says of it:\n%s", log)
	}
	if code, _ := p.end(); code != cli.Done {
		t.Errorf("it ended with %d", code)
	}
}

// answersUntilItEnds asks sound things of a process until it ends by itself; it
// is false once the ask that ended the others has been given up.
func answersUntilItEnds(book *logBook, p *process, say func(id, text string) (posted, error), round int) bool {
	for i := 0; ; i++ {
		_, err := say(fmt.Sprintf("s-%d-%d", round, i), "drink tea")
		if err != nil {
			return true
		}
		if strings.Contains(book.String(), "an ask is given up") {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
}
