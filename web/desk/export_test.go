package desk

import (
	"context"

	"keypull/pull/talk"
	"keypull/pull/who"
)

// Tend does once what Run does again and again.
func Tend(ctx context.Context, d *Desk) { d.tendTalks(ctx) }

// CarryAll carries once what waits for bridges, as Run does again and again.
func CarryAll(ctx context.Context, d *Desk) {
	d.tendTalks(ctx)
	d.fetchAll(ctx)
	d.carrying.Wait()
	d.tendTalks(ctx)
	d.carryAll(ctx)
	d.carrying.Wait()
}

// WriteDown writes down what a person says and puts it into the reader's queue if it can.
func WriteDown(ctx context.Context, d *Desk, key who.Key, text string) error {
	defer d.lockTalk(key)()
	t, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		return t.Write(talk.Line{From: talk.Staff, At: d.Clock(), Text: text}), nil
	})
	if err == nil {
		_ = d.flush(ctx, &t)
	}
	return err
}
