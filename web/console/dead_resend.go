package console

import (
	"context"
	"strconv"
	"sync"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// Sending many letters again: how many are read at a time, and how many marks
// wait for the store together.
const (
	deadAtOnce = 200
	deadHands  = 32
)

// DeadOf names a dead letter.
type DeadOf struct {
	Of
	Ask string `json:"ask" path:"ask" doc:"Number of the ask, as dead.list tells it."`
}

// number returns which ask is meant. What is no number is that of no letter.
func (in DeadOf) number() (uint64, error) {
	n, err := strconv.ParseUint(in.Ask, 10, 64)
	if err != nil {
		return 0, &pull.Error{Kind: pull.Unknown, Field: "ask", Hint: words.Text{Key: "hint.dead_none"}}
	}
	return n, nil
}

// DeadResent is the output of "dead.resend" and "dead.release".
type DeadResent struct {
	Queued  int `json:"queued" doc:"How many are on their way, or are sent at the next start where no server runs."`
	Refused int `json:"refused" doc:"How many may not be sent: the reader has said STOP, is reached no more, nothing of the ask is kept, or answering it ended the process."`
}

// DeadRelease is the input of "dead.release".
type DeadRelease struct {
	Of
	Channel string `json:"channel" path:"channel" doc:"Id of the channel."`
}

// resendLetter sends one letter. It names the ask alone: whose it is stays out of the
// log.
func (d DeadLetterOps) resendLetter(ctx context.Context, in DeadOf) (DeadResent, error) {
	if _, err := publisherOf(d.Catalogue, in.Publisher); err != nil {
		return DeadResent{}, err
	}
	ask, err := in.number()
	if err != nil {
		return DeadResent{}, err
	}
	NoteAudit(ctx, "letter "+strconv.FormatUint(ask, 10), nil, nil)
	newly, err := d.Letters.Queue(ctx, in.Publisher, ask)
	if err != nil {
		return DeadResent{}, err
	}
	if newly {
		err = d.handToService(context.WithoutCancel(ctx), in.Publisher, ask)
	}
	if err != nil {
		return DeadResent{}, err
	}
	return DeadResent{Queued: 1}, nil
}

// handToService gives a queued letter to the running service. What that can't take is a
// dead letter as before.
func (d DeadLetterOps) handToService(ctx context.Context, publisher string, ask uint64) error {
	if d.Resend == nil {
		return nil
	}
	err := d.Resend(ctx, publisher, ask)
	if err == nil {
		return nil
	}
	if again := d.Letters.Unqueue(ctx, publisher, ask); again != nil {
		return again
	}
	return err
}

// releaseChannel sends all letters of a channel, be the channel there or not any more.
// It is written down with counts.
func (d DeadLetterOps) releaseChannel(ctx context.Context, in DeadRelease) (DeadResent, error) {
	target := string(catalogue.ResourceChannel) + " " + in.Channel
	NoteAudit(ctx, target, nil, nil)
	o, err := publisherOf(d.Catalogue, in.Publisher)
	if err != nil {
		return DeadResent{}, err
	}
	var total DeadResent
	for after, more := uint64(0), true; more; {
		var letters []pipeline.DeadLetter
		letters, more, err = d.Letters.List(ctx, in.Publisher, in.Channel, after, deadAtOnce)
		if err != nil {
			break
		}
		if len(letters) == 0 {
			break
		}
		after = letters[len(letters)-1].Ask
		// What was begun is finished although the caller has gone.
		if err = d.resendLetters(context.WithoutCancel(ctx), letters, &total); err != nil {
			break
		}
	}
	NoteAudit(ctx, target, nil, map[string]any{"queued": total.Queued, "refused": total.Refused})
	if _, there := o.Channel(in.Channel); err == nil && !there && total == (DeadResent{}) {
		return total, NoThing(catalogue.ResourceChannel, in.Channel)
	}
	return total, err
}

// queued is what became of the mark of one letter.
type queued struct {
	newly bool
	err   error
}

// resendLetters marks letters side by side, so that the store can write the marks
// as one, and hands them over in their order.
func (d DeadLetterOps) resendLetters(ctx context.Context, letters []pipeline.DeadLetter, total *DeadResent) error {
	marks := make([]queued, len(letters))
	var group sync.WaitGroup
	for first := range min(deadHands, len(letters)) {
		group.Go(func() {
			defer pull.Caught("send dead letters again", &marks[first].err)
			for i := first; i < len(letters); i += deadHands {
				marks[i].newly, marks[i].err = d.Letters.Queue(ctx, letters[i].Publisher, letters[i].Ask)
			}
		})
	}
	group.Wait()
	var failed error
	for i, m := range marks {
		err := m.err
		if m.newly {
			err = d.handToService(ctx, letters[i].Publisher, letters[i].Ask)
		}
		switch pull.KindOf(err) {
		case "":
			total.Queued++
		case pull.Invalid:
			total.Refused++
		case pull.Unknown: // it has left meanwhile
		default:
			failed = err
		}
	}
	return failed
}
