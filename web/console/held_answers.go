package console

import (
	"context"
	"fmt"
	"sync"
	"weak"

	"keypull/pull/catalogue"
)

// counter tells of counts that they changed: Counted returns another number then.
type counter interface {
	Counted(ctx context.Context, publisher string) (uint64, error)
}

// heldAnswers holds the last answers that were added up from counts of many days, as long as
// nothing was counted and nothing set up since.
type heldAnswers[A any] struct {
	mu    sync.Mutex
	all   map[string]heldAnswer[A]
	bytes int
}

// mostAnswers is how many bytes of answers each operation holds.
const mostAnswers = 8 << 20

type heldAnswer[A any] struct {
	pub     weak.Pointer[catalogue.Setup]
	counted uint64
	answer  A
}

// answerOnce returns what was answered to the same input, or has it made; sizeOf tells about how many
// bytes an answer takes. Who gets an answer must not change what it leads to.
func (h *heldAnswers[A]) answerOnce(ctx context.Context, of counter, pub *catalogue.Setup, in any, sizeOf func(A) int, answer func() (A, error)) (A, error) {
	if h == nil {
		return answer()
	}
	counted, err := of.Counted(ctx, pub.ID)
	if err != nil {
		return answer() // which tells what is wrong
	}
	key := pub.ID + " " + fmt.Sprintf("%+v", in)
	h.mu.Lock()
	held, there := h.all[key]
	h.mu.Unlock()
	if there && held.pub.Value() == pub && held.counted == counted {
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
	if size < mostAnswers/4 {
		h.all[key] = heldAnswer[A]{weak.Make(pub), counted, made}
	}
	return made, nil
}
