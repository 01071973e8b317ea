package demo_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/demo"
)

// fakeCrowd is answered as far as a test says.
type fakeCrowd struct {
	ask    func(readers int, text string) error
	result demo.CrowdResult
}

func (c *fakeCrowd) Ask(_ context.Context, readers int, text string) error {
	c.result = demo.CrowdResult{Asks: readers, Answers: readers, Took: 1500 * time.Millisecond}
	return c.ask(readers, text)
}

func (c *fakeCrowd) Asked() demo.CrowdResult { return c.result }

// crowdAnswer is what the page reads of a crowd.
type crowdAnswer struct {
	Text     string  `json:"text"`
	Asks     int     `json:"asks"`
	Answers  int     `json:"answers"`
	Upstream int     `json:"upstream"`
	Took     float64 `json:"took_ms"`
	Asking   bool    `json:"asking"`
}

func TestTheWorldCountsWhatACrowdCostsUpstream(t *testing.T) {
	var world *demo.World
	d, w := newDemo(t, service{crowd: &fakeCrowd{ask: func(_ int, text string) error {
		get(world, "/exchange/quote?symbol="+text)
		return nil
	}}})
	world = w
	for order, want := range map[string]crowdAnswer{
		"":                           {"WIPRO", 10_000, 10_000, 1, 1500, false},
		`{}`:                         {"WIPRO", 10_000, 10_000, 1, 1500, false},
		`{"readers":3}`:              {"WIPRO", 3, 3, 1, 1500, false},
		`{"readers":2,"text":"SAP"}`: {"SAP", 2, 2, 1, 1500, false},
	} {
		if got := decode[crowdAnswer](t, post(d, "/demo/crowd", order)); got != want {
			t.Errorf("%s: got %+v, want %+v", order, got, want)
		}
	}
}

func TestABadCrowdIsRefusedWithASentence(t *testing.T) {
	c := &fakeCrowd{}
	c.ask = func(int, string) error {
		c.result = demo.CrowdResult{}
		return errors.New("the queue is full")
	}
	d, _ := newDemo(t, service{crowd: c})
	for order, want := range map[string]int{
		`{"readers":0}`:     http.StatusBadRequest,
		`{"readers":10001}`: http.StatusBadRequest,
		`{"text":""}`:       http.StatusBadRequest,
		`{"text":1}`:        http.StatusBadRequest,
		`nonsense`:          http.StatusBadRequest,
		`{"text":"` + strings.Repeat("a", 2000) + `"}`: http.StatusBadRequest,
		`{"readers":1}`: http.StatusServiceUnavailable,
	} {
		answer := post(d, "/demo/crowd", order)
		problem := decode[struct{ Detail string }](t, answer)
		if answer.Code != want || problem.Detail == "" {
			t.Errorf("%s: got %d %q, want %d", order, answer.Code, problem.Detail, want)
		}
	}
}

// A slow machine answers a crowd in more time than one request has: the page
// asks how far it is, and what is asked upstream afterwards is not the crowd's.
func TestASlowCrowdIsToldAsItGoes(t *testing.T) {
	var world *demo.World
	c := &fakeCrowd{}
	c.ask = func(readers int, text string) error {
		c.result.Answers = readers / 2
		get(world, "/exchange/quote?symbol="+text)
		return nil
	}
	d, w := newDemo(t, service{crowd: c})
	world = w
	if got, want := decode[crowdAnswer](t, post(d, "/demo/crowd", "")), (crowdAnswer{"WIPRO", 10_000, 5_000, 1, 1500, true}); got != want {
		t.Errorf("half way: got %+v, want %+v", got, want)
	}
	if got := post(d, "/demo/crowd", "").Code; got != http.StatusConflict {
		t.Errorf("another crowd beside it: got %d", got)
	}
	c.result.Answers, c.result.Took = 10_000, 90*time.Second
	want := crowdAnswer{"WIPRO", 10_000, 10_000, 1, 90_000, false}
	for range 2 {
		if got := decode[crowdAnswer](t, get(d, "/demo/crowd")); got != want {
			t.Errorf("at its end: got %+v, want %+v", got, want)
		}
		get(world, "/exchange/quote?symbol=SAP")
	}
	if got := post(d, "/demo/crowd", "").Code; got != http.StatusOK {
		t.Errorf("the next crowd: got %d", got)
	}
}

func TestOneCrowdAtATime(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	d, _ := newDemo(t, service{crowd: &fakeCrowd{ask: func(int, string) error {
		close(inside)
		<-leave
		return nil
	}}})
	first := make(chan int)
	go func() { first <- post(d, "/demo/crowd", "").Code }()
	<-inside
	if got := post(d, "/demo/crowd", "").Code; got != http.StatusConflict {
		t.Errorf("the second crowd: got %d", got)
	}
	close(leave)
	if got := <-first; got != http.StatusOK {
		t.Errorf("the first crowd: got %d", got)
	}
}
