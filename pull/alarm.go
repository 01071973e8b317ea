package pull

import (
	"context"

	"keypull/pull/what/command"
)

// Alarms tell people of publishers what fails.
type Alarms interface {
	// Gives reports whether a code of a publisher is good by which somebody is told where
	// they write.
	Gives(publisher string, c MoveCode) bool
	// Join has an ask's reader told from now on, and uses the code up but for that ask, which
	// may be tried again; false where it is good no more.
	Join(ctx context.Context, a *Ask, c MoveCode) (bool, error)
}

// commandAlarm is what a message with the code of an alarm is noted as.
const commandAlarm command.Command = "alarm"

// readAlarm reads a message that is the code by which somebody of the publisher is told here
// what fails.
func (w hearing) readAlarm() bool {
	if w.ask.Tap != "" || w.alarms == nil {
		return false
	}
	code, rest, ok := FindMoveCode(w.ask.Text)
	if !ok || code == "" || rest != "" || !w.alarms.Gives(w.ask.Publisher, code) {
		return false
	}
	w.joining = code
	return true
}

// joinAlarms has the reader told what fails at the publisher. Where nothing can be told
// later, or of whom nothing may be kept, nobody is.
func (w instructing) joinAlarms(ctx context.Context) *Reply {
	ordering(w).noteCommand(commandAlarm)
	switch {
	case w.edition.UnderAge, w.channel.Proxy, w.ask.Fleeting, w.ask.Group, w.channel.SMS && !w.channel.Laters:
		return w.refuseWith(wordAlarmNever)
	case !w.mayKeep():
		w.ask.Text = w.joining.String()
		return w.askConsent(ctx)
	}
	joined, err := w.alarms.Join(ctx, &w.ask, w.joining)
	switch {
	case err != nil:
		w.noteFailure(err)
		return w.refuseWith(wordBroken)
	case !joined:
		return w.refuseWith(wordAlarmOver)
	}
	return w.local.replyOf(wordAlarmJoined, "publisher", w.edition.Name)
}
