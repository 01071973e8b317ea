package pull

import (
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

// GiveUp is the outcome of an ask that is not resolved any more, since each time
// it was, the process ended; why goes into its trace. Its reader stays who he
// was.
func (r *Resolver) GiveUp(e *Edition, a Ask, reader who.Reader, waited time.Duration, why string) Outcome {
	o := r.refusal(e, a, reader, waited, why)
	o.Trace.Outcome = journal.Ended
	return o
}

// Shun refuses an ask for what ended the process a short while ago.
func (r *Resolver) Shun(e *Edition, a Ask, reader who.Reader, waited time.Duration) Outcome {
	o := r.refusal(e, a, reader, waited, "the process ended lately when it resolved the same, so that it is not tried for an hour")
	if reader.State == who.Stopped {
		o.Reply, o.Trace.Outcome = nil, journal.Silent
	}
	return o
}

func (r *Resolver) refusal(e *Edition, a Ask, reader who.Reader, waited time.Duration, why string) Outcome {
	if a.Group {
		reader = reader.Shared()
	}
	w := &work{Resolver: r, edition: e, channel: e.Channels[a.Channel], ask: a, reader: reader, began: r.Clock(), waited: waited, zone: e.Zone}
	w.trace = journal.Trace{Ask: a.ID, At: a.At, Channel: a.Channel, Error: why, Took: journal.Took{Queue: journal.Since(waited), Total: journal.Since(waited)}}
	w.settleLanguage()
	return Outcome{Reply: w.refuse(wordBroken), Reader: w.reader, Trace: w.trace}
}
