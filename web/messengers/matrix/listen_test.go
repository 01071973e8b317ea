package matrix_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
)

type shelf struct {
	mu   sync.Mutex
	kept []byte
}

func (s *shelf) Load(context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept, nil
}

func (s *shelf) Keep(_ context.Context, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = value
	return nil
}

// heard is what a listener took.
type heard struct {
	mu     sync.Mutex
	fails  int
	asks   []string
	events []messengers.Event
}

func (g *heard) accept(_ context.Context, r messengers.Receipt) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fails--; g.fails >= 0 {
		return errFull
	}
	for _, in := range r.Asks {
		if !in.Overheard {
			g.asks = append(g.asks, in.Reader+" "+in.Text)
		}
	}
	g.events = append(g.events, r.Events...)
	return nil
}

// listen syncs until the homeserver was asked what comes behind a batch.
func (h *homeserver) listen(m messengers.Messenger, g *heard, until string) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan error, 1)
	go func() { done <- m.(messengers.Listener).Listen(ctx, g.accept) }()
	h.eventually("the batch behind "+until, func() bool { return slices.Contains(h.asked, until) })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		h.t.Errorf("Listen ended with %v", err)
	}
}

func TestASyncAnswersWhatIsNewOnceAndGoesOnWhereItWasLeft(t *testing.T) {
	h, place := serve(t), &shelf{}
	h.batches = []string{
		batch("s1", timeline(direct, said("$old", direct, ann, txt("old"))), ""),
		batch("s2", timeline(direct, said("$new", direct, ann, txt("news"))), ""),
		batch("s2", timeline(direct, said("$new", direct, ann, txt("news"))), ""),
		batch("s3", timeline(crowd, said("$a", crowd, bob, txt("hello all")), said("$b", crowd, bob, mentioning)), ""),
	}
	g := &heard{fails: 1}
	h.listen(h.open(place, nil), g, "s3")
	if diff := cmp.Diff([]string{"", "s1", "s1", "s2", "s3"}, h.asked); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{ann + " news", crowd + " news"}, g.asks); diff != "" {
		t.Error(diff)
	}
	if want := "POST rooms/" + direct + "/receipt/m.read/$new"; !slices.Contains(h.calls, want) {
		t.Errorf("%q lacks %s", h.calls, want)
	}
	h.asked, h.batches = nil, []string{batch("s4", timeline(direct, said("$later", direct, ann, txt("later"))), "")}
	h.listen(h.open(place, nil), g, "s4")
	if h.asked[0] != "s3" || g.asks[len(g.asks)-1] != ann+" later" {
		t.Errorf("it goes on at %q with %q", h.asked, g.asks)
	}
}

func TestAnInvitationIsFollowedAndWhatWasJustWrittenThereIsAnswered(t *testing.T) {
	h := serve(t)
	room := "!new:example.org"
	h.members[room] = []string{bot, ann}
	invite := `,"invite":{"` + room + `":{"invite_state":{"events":[{"type":"m.room.member","sender":"` + ann + `","state_key":"` + bot + `","content":{"membership":"invite","is_direct":true}}]}}}`
	recent := strings.Replace(said("$recent", room, ann, txt("news")), "1795165200000", "1795165190000", 1)
	stale := strings.Replace(said("$stale", room, ann, txt("stale")), "1795165200000", "1795100000000", 1)
	h.batches = []string{batch("s1", "", ""), batch("s2", "", invite), batch("s3", timeline(room, stale, members(room, true, ann), recent, members(room, true, bot)), "")}
	g := &heard{}
	h.listen(h.open(&shelf{}, nil), g, "s3")
	if !slices.Contains(h.calls, "POST rooms/"+room+"/join") {
		t.Errorf("the invitation is not followed: %q", h.calls)
	}
	if diff := cmp.Diff([]string{ann + " news"}, g.asks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]messengers.Event{{Kind: messengers.Back, Reader: ann}}, g.events); diff != "" {
		t.Error(diff)
	}
	h.asked, h.inRooms, h.calls = nil, 2, nil
	h.batches = []string{batch("s1", "", ""), batch("s2", "", invite)}
	h.listen(h.open(&shelf{}, map[string]any{"rooms": 2}), &heard{}, "s2")
	if diff := cmp.Diff([]string{"POST rooms/" + room + "/leave"}, h.calls); diff != "" {
		t.Errorf("one room too many: %s", diff)
	}
}

func TestAnEncryptedRoomIsToldOnceThatItIsNotReadAndNothingElse(t *testing.T) {
	h, place := serve(t), &shelf{}
	h.secret[direct] = true
	sealed := strings.Replace(said("$e", direct, ann, `{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"x"}`), "m.room.message", "m.room.encrypted", 1)
	h.batches = []string{batch("s1", "", ""), batch("s2", timeline(direct, sealed, sealed, said("$plain", direct, ann, txt("news"))), "")}
	g := &heard{}
	m := h.open(place, nil)
	h.listen(m, g, "s2")
	_, err := m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "what nobody else may read"}, Address: direct, Key: "1-1"})
	var send *messengers.SendError
	if !errors.As(err, &send) || send.Fault != messengers.Permanent {
		t.Errorf("an encrypted room is written to: %v", err)
	}
	h.asked, h.batches = nil, []string{batch("s3", timeline(direct, sealed), "")}
	m = h.open(place, nil)
	h.listen(m, g, "s3")
	if len(g.asks) > 0 || len(h.sent) != 1 || h.sent[0].Content["msgtype"] != "m.notice" || strings.Contains(h.sent[0].Raw, "news") {
		t.Errorf("asks %q, sent %+v", g.asks, h.sent)
	}
}

func TestAnAnswerToUsInARoomIsForUsAndWhoSeesOursIsHeard(t *testing.T) {
	h := serve(t)
	m := h.open(&shelf{}, nil)
	id, err := m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "Which?"}, Address: crowd, Key: "1-1", Quote: "$q", Thread: "$t"})
	if err != nil || id != "$of-1-1" {
		t.Fatal(id, err)
	}
	seen := `"ephemeral":{"events":[{"type":"m.receipt","content":{"$of-1-1":{"m.read":{"` + bob + `":{"ts":1}}},"$other":{"m.read":{"` + bob + `":{"ts":1}}}}}]}`
	answer := said("$a", crowd, bob, `{"msgtype":"m.text","body":"2","m.mentions":{},"m.relates_to":{"m.in_reply_to":{"event_id":"`+id+`"}}}`)
	h.batches = []string{batch("s1", "", ""), batch("s2", strings.Replace(timeline(crowd, answer), `"state"`, seen+`,"state"`, 1), "")}
	g := &heard{}
	h.listen(m, g, "s2")
	if diff := cmp.Diff([]string{crowd + " 2"}, g.asks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]messengers.Event{{Kind: messengers.Read, Reader: bob, Message: id}}, g.events); diff != "" {
		t.Error(diff)
	}
}

func TestWhoLeavesAPrivateRoomIsGoneAndWeLeaveAsWell(t *testing.T) {
	h := serve(t)
	h.members[direct] = []string{bot}
	left := `{"type":"m.room.member","event_id":"$l","sender":"` + ann + `","state_key":"` + ann + `","content":{"membership":"leave"}}`
	h.batches = []string{batch("s1", "", ""), batch("s2", timeline(direct, left), "")}
	g := &heard{}
	h.listen(h.open(&shelf{}, nil), g, "s2")
	if diff := cmp.Diff([]messengers.Event{{Kind: messengers.Gone, Reader: ann}}, g.events); diff != "" || !slices.Contains(h.calls, "POST rooms/"+direct+"/leave") {
		t.Error(diff, h.calls)
	}
}

func TestASyncEndsWithItsTokenAndOutlivesALostRoom(t *testing.T) {
	h := serve(t)
	h.no = func(path string) (int, string) {
		if strings.HasSuffix(path, "/joined_members") {
			return 403, `{"errcode":"M_FORBIDDEN","error":"You are not in this room"}`
		}
		return 0, ""
	}
	h.batches = []string{batch("s1", "", ""), batch("s2", timeline(direct, said("$x", direct, ann, txt("x"))), "")}
	m := h.open(&shelf{}, nil)
	h.listen(m, &heard{}, "s2")
	h.no = func(string) (int, string) { return 401, unknownToken }
	err := m.(messengers.Listener).Listen(t.Context(), (&heard{}).accept)
	if err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("got %v", err)
	}
}
