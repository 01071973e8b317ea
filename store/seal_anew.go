package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull/alarm"
	"keypull/pull/talk"
)

// SealAnew returns a secret of a purpose as the latest master key seals it; false where that one
// has sealed it, or none opens it.
type SealAnew func(purpose string, sealed []byte) (anew []byte, ok bool)

// sealedValues are the values that hold secrets, by what their keys begin with, and how one is sealed
// anew; what is set up in the console is publishing's. It is false where nothing changes.
var sealedValues = map[string]func(seal SealAnew, pair Pair) (value any, changes bool, err error){
	"alarm": func(seal SealAnew, pair Pair) (any, bool, error) {
		var a alarm.Address
		err := json.Unmarshal(pair.Value, &a)
		sealed, _ := base64.StdEncoding.DecodeString(a.Secret)
		changes := renewSecret(seal, alarmPurpose, &sealed)
		a.Secret = base64.StdEncoding.EncodeToString(sealed)
		return a, changes, err
	},
	proofPrefix: func(seal SealAnew, pair Pair) (any, bool, error) {
		var k storedProofKeys
		err := json.Unmarshal(pair.Value, &k)
		codes, private := renewSecret(seal, codesOf(k.Publisher), &k.Codes), renewSecret(seal, privateOf(k.Publisher), &k.Private)
		return k, codes || private, err
	},
	talkPrefix: func(seal SealAnew, pair Pair) (any, bool, error) {
		var t talkDocument
		err := json.Unmarshal(pair.Value, &t)
		if err != nil || t.Bridged == nil {
			return t, false, err
		}
		as := *t.Bridged
		changes := renewSecret(seal, talk.SealedFor(t.Publisher()), &as.Sealed)
		t.Bridged = &as
		return t, changes, nil
	},
	farewellPrefix: func(seal SealAnew, pair Pair) (any, bool, error) {
		var f talk.Farewell
		err := json.Unmarshal(pair.Value, &f)
		return f, renewSecret(seal, talk.SealedFor(f.Publisher), &f.Sealed), err
	},
	channelStatePrefix: renewWhole,
	"change-part":      renewWhole,
}

// renewWhole is of a value that is a secret as a whole, for its key.
func renewWhole(seal SealAnew, pair Pair) (any, bool, error) {
	changes := renewSecret(seal, pair.Key, &pair.Value)
	return pair.Value, changes, nil
}

func renewSecret(seal SealAnew, purpose string, secret *[]byte) bool {
	anew, ok := seal(purpose, *secret)
	if ok {
		*secret = anew
	}
	return ok
}

// SealValuesAnew has the secrets of all values sealed by the latest master key, and returns how many
// values were not. One that is written meanwhile, or can't be read, is left as it is.
func SealValuesAnew(ctx context.Context, kv KV, seal SealAnew) (n int, err error) {
	const op, page = "seal secrets anew", 100
	for prefix, renew := range sealedValues {
		for pair, err := range pagesBelow(ctx, kv, prefix, "", op, page) {
			if err != nil {
				return n, err
			}
			value, changes, err := renew(seal, pair)
			if err != nil || !changes {
				continue
			}
			n++
			b, whole := value.([]byte)
			if !whole {
				if b, err = json.Marshal(value); err != nil {
					return n, fmt.Errorf("%s: encode %s: %w", op, pair.Key, err)
				}
			}
			if _, err := kv.Put(ctx, pair.Key, b, pair.Revision); err != nil && !errors.Is(err, ErrConflict) {
				return n, backendError(op, err)
			}
		}
	}
	return n, nil
}

// mastersKey is where the store names the master key that all its secrets are sealed by.
const mastersKey = "sealed-by"

// SealedBy returns which master key all secrets are sealed by; "" where no rotation was ever over.
func SealedBy(ctx context.Context, kv KV) (string, error) {
	pair, err := kv.Get(ctx, mastersKey)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return string(pair.Value), backendError("read what secrets are sealed by", err)
}

// NoteSealedBy notes it.
func NoteSealedBy(ctx context.Context, kv KV, master string) error {
	_, err := kv.Put(ctx, mastersKey, []byte(master), Any)
	return backendError("note what secrets are sealed by", err)
}
