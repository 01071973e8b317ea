package template

import (
	"context"
	"errors"
)

// What ends a rendering.
var (
	errWritten = errors.New("the text passes 16 KiB")
	errHeld    = errors.New("more than 1 MiB would be held")
	errSteps   = errors.New("it takes more than 100000 steps")
	errTime    = errors.New("it takes longer than 2 seconds")
)

// stepBytes is how much is read or made in one step.
const stepBytes = 64

// lookEvery is after how many steps the clock is asked, a power of two.
const lookEvery = 64

// meter counts what a rendering costs.
type meter struct {
	ctx   context.Context //nolint:containedctx // it ends with the rendering
	steps int
	// looked is at which step the clock was asked last.
	looked int
	// held is what each variable holds, in bytes.
	held  map[string]int
	total int
}

// payStep takes n steps.
func (m *meter) payStep(n int) error {
	m.steps += n
	if m.steps > MaxSteps {
		return errSteps
	}
	if m.steps-m.looked < lookEvery {
		return nil
	}
	m.looked = m.steps
	err := m.ctx.Err()
	if errors.Is(err, context.DeadlineExceeded) {
		return errTime
	}
	return err //nolint:wrapcheck // the caller's own
}

// payToRead takes the steps of looking at so many bytes.
func (m *meter) payToRead(bytes int) error { return m.payStep(1 + bytes/stepBytes) }

// payToMake takes the steps of making so many bytes, before they are made.
func (m *meter) payToMake(bytes int) error {
	if bytes > MaxHeld {
		return errHeld
	}
	return m.payToRead(bytes)
}

// holdVariable notes what a variable holds from now on.
func (m *meter) holdVariable(name string, bytes int) error {
	total := m.total - m.held[name] + bytes
	if total > MaxHeld {
		return errHeld
	}
	m.total, m.held[name] = total, bytes
	return nil
}
