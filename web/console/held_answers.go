package console

import (
	"context"
	"fmt"
	"sync"
	"weak"

	"keypull/pull/catalogue"
)

// counter tells of counts of a publisher's days before one that they changed: Counted returns another number
// then.
type counter interface {
	Counted(ctx context.Context, publisher string, before int) (uint64, error)
}

// counted returns a number that is another one once what an answer is made of changed.
type counted func(ctx context.Context) (uint64, error)

// countsBefore returns that of a publisher's days before one.
func countsBefore(of counter, pub *catalogue.Setup, before int) counted {
	return func(ctx context.Context) (uint64, error) { return of.Counted(ctx, pub.ID, before) }
}

// untilSetUp is that of what is made of nothing but what is set up.
func untilSetUp(context.Context) (uint64, error) { return 0, nil }

// heldAnswers holds the last answers that were added up from counts of many days, as long as
// nothing was counted and nothing set up since.
type heldAnswers[A any] struct {
	mu    sync.Mutex
	all   map[string]heldAnswer[A]
	bytes int
}

// mostAnswers is how many bytes of answers each holds at most.
const mostAnswers = 16 << 20

type heldAnswer[A any] struct {
	pub     weak.Pointer[catalogue.Setup]
	counted uint64
	answer  A
}

// answerOnce returns what was answered to the same input, or has it made; sizeOf tells about how many
// bytes an answer takes. Who gets an answer must not change what it leads to.
func (h *heldAnswers[A]) answerOnce(ctx context.Context, of counted, pub *catalogue.Setup, in any, sizeOf func(A) int, answer func() (A, error)) (A, error) {
	if h == nil {
		return answer()
	}
	number, err := of(ctx)
	if err != nil {
		return answer() // which tells what is wrong
	}
	key := pub.ID + " " + fmt.Sprintf("%+v", in)
	h.mu.Lock()
	held, there := h.all[key]
	h.mu.Unlock()
	if there && held.pub.Value() == pub && held.counted == number {
		return held.answer, nil
	}
	made, err := answer()
	if err != nil {
		return made, err
	}
	size := sizeOf(made) + len(key)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes += size; h.all == nil || h.bytes > mostAnswers {
		h.all, h.bytes = map[string]heldAnswer[A]{}, size
	}
	if size < mostAnswers/2 {
		h.all[key] = heldAnswer[A]{weak.Make(pub), number, made}
	}
	return made, nil
}
