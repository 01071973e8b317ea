package email

import (
	"context"
	"errors"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// tryWithin bounds what is asked of both servers.
const tryWithin = 30 * time.Second

// Try signs in at both servers, and reads and sends nothing.
func (a *account) Try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	if err := a.admitted(ctx); err != nil {
		return a.refusedBy(err, "smtp")
	}
	if a.imap.host != "" {
		m, err := a.look(ctx, nil)
		if err != nil {
			return a.refusedBy(err, "imap")
		}
		m.end()
	}
	title := a.address
	a.title.Store(&title)
	return nil
}

// admitted signs in at the SMTP server, and asks whether it takes letters of our
// address. It leaves a connection for the next letter.
func (a *account) admitted(ctx context.Context) error {
	s, err := a.submit(ctx)
	if err != nil {
		return err
	}
	release := context.AfterFunc(ctx, s.end)
	defer release()
	if err := s.Mail(a.address, nil); err != nil {
		s.end()
		return said(err, "MAIL", "")
	}
	if s.Reset() != nil {
		s.end()
		return nil // it took the address
	}
	a.keepOpen(s)
	return nil
}

// passwordOf is the setting that is at fault where a server lets nobody in.
func (a *account) passwordOf(server string) string {
	if server == "smtp" && a.SMTPLogin == ownLogin {
		return "smtp_password"
	}
	return "password"
}

// refusedBy says which server refuses the account.
func (a *account) refusedBy(err error, field string) error {
	var refused *refusal
	switch {
	case errors.Is(err, errLogin), errors.As(err, &refused) && (refused.command == "AUTH" || refused.code == 530) && refused.code >= 500:
		return &pull.Error{Kind: pull.Denied, Op: field, Field: a.passwordOf(field), Hint: own.Text("no_login", words.Args{"server": field}), Err: err}
	case errors.As(err, &refused) && refused.fault() == messengers.TokenInvalid:
		return &pull.Error{Kind: pull.Denied, Op: field, Field: "address", Hint: refused.Said(), Err: err}
	case errors.Is(err, errFolder):
		return &pull.Error{Kind: pull.Denied, Op: field, Field: "folder", Hint: own.Text("no_folder", nil), Err: err}
	}
	return err
}

// Whose says whose mailbox it is.
func (a *account) Whose() words.Text {
	title := a.title.Load()
	if title == nil {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"address": *title})
}

// Answers greets the server that letters leave by. That it refuses us is an
// answer.
func (a *account) Answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	s, err := a.submit(ctx)
	if err == nil {
		s.end()
		return nil
	}
	var refused *refusal
	if errors.As(err, &refused) && refused.code >= 500 {
		return nil
	}
	return err
}
