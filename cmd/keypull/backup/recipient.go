package backup

import (
	"errors"
	"strings"

	"filippo.io/age"

	"keypull/pull/words"
)

// workFactor is what a guess at a passphrase costs: 32 MiB and a tenth of a second, since the
// newest half takes as much every time.
const workFactor = 15

// RecipientOf returns whom halves are encrypted to: an age key, or whoever has a passphrase.
func RecipientOf(key, passphrase string) (age.Recipient, error) {
	if passphrase != "" {
		r, err := age.NewScryptRecipient(passphrase)
		if err == nil {
			r.SetWorkFactor(workFactor)
		}
		return r, err
	}
	all, err := age.ParseRecipients(strings.NewReader(key))
	if err == nil && len(all) != 1 {
		err = errors.New("one key is needed")
	}
	if err != nil {
		return nil, words.Fail(err, "backup.recipient", nil)
	}
	return all[0], nil
}

// IdentitiesOf returns who reads what was encrypted: by the text of an age key file, by a
// passphrase, or by both.
func IdentitiesOf(keys, passphrase string) (all []age.Identity, err error) {
	if keys != "" {
		if all, err = age.ParseIdentities(strings.NewReader(keys)); err != nil {
			return nil, words.Fail(err, "backup.identity", nil)
		}
	}
	if passphrase != "" {
		one, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return nil, words.Fail(err, "backup.identity", nil)
		}
		all = append(all, one)
	}
	return all, nil
}
