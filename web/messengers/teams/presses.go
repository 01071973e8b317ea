package teams

import (
	"sync"
	"time"
)

// Teams tells a press again, as a new activity, where no answer came within
// seconds. The same press of the same button is the first one for as long.
const (
	pressLasts     = 30 * time.Second
	rememberedMost = 4096
)

// presses remembers the buttons that were pressed lately.
type presses struct {
	mu    sync.Mutex
	first map[press]pressed
}

// press is one button of one message, and who pressed it.
type press struct{ place, reader, message, sends string }

// pressed is the first activity that told of a press.
type pressed struct {
	id string
	at time.Time
}

// idOf returns the id of the activity that told first of a press.
func (p *presses) idOf(of press, id string, at time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if before, known := p.first[of]; known && at.Sub(before.at).Abs() < pressLasts {
		return before.id
	}
	if len(p.first) >= rememberedMost {
		for old, told := range p.first {
			if at.Sub(told.at) >= pressLasts {
				delete(p.first, old)
			}
		}
	}
	if p.first == nil || len(p.first) >= rememberedMost {
		p.first = map[press]pressed{}
	}
	p.first[of] = pressed{id, at}
	return id
}
