package email

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

const (
	// idleConnections are kept for the next letter, each for idleTime: servers end
	// them soon after.
	idleConnections = 2
	idleTime        = 15 * time.Second
	commandTimeout  = 30 * time.Second
	handInTimeout   = 2 * time.Minute
)

// submission is a connection that letters are handed in by.
type submission struct {
	*smtp.Client
	conn net.Conn
	used time.Time
}

func (s *submission) end() { _ = s.conn.Close() }

// Send hands one letter in. The key is in its Message-ID, by which programs of
// mail know one that came twice.
func (a *account) Send(ctx context.Context, s messengers.Sending) (string, error) {
	to, letter, err := a.compose(s)
	if err != nil {
		return "", &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return "", &messengers.SendError{Fault: messengers.Temporary, Err: err}
	}
	if err := a.deliver(ctx, to, letter); err != nil {
		return "", a.fault(err)
	}
	if s.Why != messengers.Staff {
		a.loops.answers(s.Address, a.clock())
	}
	return s.Key, nil
}

// Wire returns the letter; to somebody, where a made-up reader has no address.
func (a *account) Wire(s messengers.Sending) ([]byte, error) {
	if _, ok := mailbox(s.Address); !ok {
		s.Address = "reader@example.org"
	}
	_, letter, err := a.compose(s)
	return letter, err
}

// deliver hands a letter in, on a connection that is kept or a new one.
func (a *account) deliver(ctx context.Context, to string, letter []byte) error {
	s := a.kept(ctx)
	if s == nil {
		var err error
		if s, err = a.submit(ctx); err != nil {
			return err
		}
	}
	release := context.AfterFunc(ctx, s.end)
	err := s.hand(a.address, to, letter)
	var no *refusal
	if release() && (err == nil || errors.As(err, &no) && no.code != 421) {
		a.keepOpen(s)
	} else {
		s.end()
	}
	return err
}

// keepOpen keeps a connection for the next letter.
func (a *account) keepOpen(s *submission) {
	s.used = time.Now()
	select {
	case a.idle <- s:
	default:
		s.end()
	}
}

// kept returns a connection that was used a moment ago and answers still, or nil. One
// that is dead by now has cost nothing.
func (a *account) kept(ctx context.Context) *submission {
	for {
		select {
		case s := <-a.idle:
			release := context.AfterFunc(ctx, s.end)
			fresh := time.Since(s.used) < idleTime && s.Reset() == nil
			if release(); fresh {
				return s
			}
			s.end()
		default:
			return nil
		}
	}
}

// submit opens a connection and signs in.
func (a *account) submit(ctx context.Context) (*submission, error) {
	conn, err := a.dial(ctx, a.smtp)
	if err != nil {
		return nil, err
	}
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer release()
	_ = conn.SetDeadline(time.Now().Add(commandTimeout))
	client, err := a.greeted(conn)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &submission{Client: client, conn: conn}, nil
}

// greeted says who we are on a new connection, privately where that is wanted.
func (a *account) greeted(conn net.Conn) (*smtp.Client, error) {
	var client *smtp.Client
	if a.smtp.tls == startTLS {
		var err error
		if client, err = smtp.NewClientStartTLS(conn, a.client.TLS(a.smtp.host)); err != nil {
			return nil, said(err, "connect", "")
		}
	} else {
		client = smtp.NewClient(conn)
	}
	client.CommandTimeout, client.SubmissionTimeout = commandTimeout, handInTimeout
	// Behind STARTTLS it is said anew: only now the server's certificate counts.
	if err := client.Hello(a.domain); err != nil {
		return nil, said(err, "connect", "")
	}
	name, word := a.submitter()
	if name == "" {
		return client, nil
	}
	var proof sasl.Client
	switch {
	case client.SupportsAuth(sasl.Plain):
		proof = sasl.NewPlainClient("", name, word)
	case client.SupportsAuth(sasl.Login):
		proof = sasl.NewLoginClient(name, word)
	default:
		return nil, &pull.Error{Kind: pull.Unusable, Op: "AUTH", Field: "username", Hint: own.Text("no_auth", nil)}
	}
	if err := client.Auth(proof); err != nil {
		return nil, said(err, "AUTH", word)
	}
	return client, nil
}

// hand hands a letter in. What breaks off behind its last byte may have arrived.
func (s *submission) hand(from, to string, letter []byte) error {
	if err := s.Mail(from, nil); err != nil {
		return said(err, "MAIL", "")
	}
	if err := s.Rcpt(to, nil); err != nil {
		return said(err, "RCPT", "")
	}
	data, err := s.Data()
	if err == nil {
		_, err = data.Write(letter)
	}
	if err != nil {
		return said(err, "DATA", "")
	}
	var refused *refusal
	if err = data.Close(); err != nil && !errors.As(said(err, "DATA", ""), &refused) {
		return &outside.Error{Reason: outside.Unreachable, Sent: true, Hint: own.Text("cut", nil), Err: err}
	}
	if err != nil {
		return refused
	}
	return nil
}

// refusal is a no of an SMTP server (RFC 5321 §4.2, RFC 3463).
type refusal struct {
	command string
	code    int
	detail  smtp.EnhancedCode
	text    string
}

// Error tells what the server said.
func (r *refusal) Error() string {
	return r.command + ": the server answered " + strconv.Itoa(r.code) + " " + r.text
}

// Said quotes what the server said.
func (r *refusal) Said() words.Text {
	return own.Text("answered", words.Args{"command": r.command, "code": strconv.Itoa(r.code), "said": r.text})
}

// said turns a server's no into a refusal without secrets; other errors say that
// there was no answer.
func said(err error, command, secret string) error {
	var no *smtp.SMTPError
	if !errors.As(err, &no) {
		return away(command, err)
	}
	r := &refusal{command: command, code: no.Code, detail: no.EnhancedCode, text: oneLine(strings.ToValidUTF8(no.Message, ""))}
	if secret != "" {
		r.text = strings.ReplaceAll(r.text, secret, "…")
	}
	const most = 300
	r.text = messengers.Bytes.Cut(r.text, most)
	return r
}

// fault sorts what went wrong into the closed set of faults.
func (a *account) fault(err error) error {
	var refused *refusal
	if !errors.As(err, &refused) {
		var denied *pull.Error
		if errors.As(err, &denied) && denied.Kind == pull.Unusable {
			return &messengers.SendError{Fault: messengers.TokenInvalid, Err: err}
		}
		return messengers.Failed(err)
	}
	e := &messengers.SendError{Fault: refused.fault(), Err: err}
	if e.Fault == messengers.LimitedUntil {
		e.RetryAt = a.clock().Add(rateWait)
	}
	return e
}

// rateWait is how long a server is left alone that says that there was too much.
const rateWait = 5 * time.Minute

// fault returns what a server's no means. Codes that tell of an address are believed
// where the address was said; those of policy are about the letter, or us.
func (r *refusal) fault() messengers.Fault {
	class, subject, detail := r.detail[0], r.detail[1], r.detail[2]
	policy, address := class == 5 && subject == 7, class == 5 && subject == 1
	switch {
	case r.code == 530, r.code == 534, r.code == 535, r.code == 538, r.command == "AUTH" && r.code >= 500:
		return messengers.TokenInvalid
	case r.code == 452 && subject == 5 && detail == 3, subject == 7 && detail == 28, r.code == 421 && subject == 7 && class == 4:
		return messengers.LimitedUntil
	case r.code < 500, r.command == "connect":
		return messengers.Temporary
	case r.command == "MAIL" && (policy || address || r.code == 550 || r.code == 553):
		return messengers.TokenInvalid
	case r.command == "MAIL", policy:
		return messengers.Permanent
	case r.code == 556, address && (detail == 1 || detail == 2 || detail == 3 || detail == 6 || detail == 10), class == 5 && subject == 2 && detail == 1:
		return messengers.Blocked
	case class <= 0 && r.command == "RCPT" && (r.code == 550 || r.code == 551 || r.code == 553):
		return messengers.Blocked
	}
	return messengers.Permanent
}

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
		m, err := a.look(ctx)
		if err != nil {
			return a.refusedBy(err, "imap")
		}
		m.end()
	}
	a.tried.Store(true)
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
	if s.Reset() == nil {
		a.keepOpen(s)
	} else {
		s.end() // it took the address
	}
	return nil
}

// refusedBy says which server refuses the account.
func (a *account) refusedBy(err error, field string) error {
	var refused *refusal
	password := "password"
	if field == "smtp" && a.SMTPLogin == ownLogin {
		password = "smtp_password"
	}
	switch {
	case errors.Is(err, errLogin), errors.As(err, &refused) && (refused.command == "AUTH" || refused.code == 530) && refused.code >= 500:
		return &pull.Error{Kind: pull.Denied, Op: field, Field: password, Hint: own.Text("no_login", words.Args{"server": field}), Err: err}
	case errors.As(err, &refused) && refused.fault() == messengers.TokenInvalid:
		return &pull.Error{Kind: pull.Denied, Op: field, Field: "address", Hint: refused.Said(), Err: err}
	case errors.Is(err, errFolder):
		return &pull.Error{Kind: pull.Denied, Op: field, Field: "folder", Hint: own.Text("no_folder", nil), Err: err}
	}
	return err
}

// Whose says whose mailbox it is.
func (a *account) Whose() words.Text {
	if !a.tried.Load() {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"address": a.address})
}

// Answers greets the server that letters leave by. That it refuses us is an
// answer.
func (a *account) Answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	s, err := a.submit(ctx)
	var refused *refusal
	switch {
	case err == nil:
		s.end()
	case errors.As(err, &refused) && refused.code >= 500:
		return nil
	}
	return err
}
