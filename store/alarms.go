package store

import (
	"context"
	"encoding/base64"

	"keypull/pull/alarm"
)

// alarmPurpose is what the secrets of webhooks are sealed for.
const alarmPurpose = "alarm"

// Alarms keep who is told of what fails, by publisher and id; what requests are signed with
// is sealed.
type Alarms struct {
	documents[alarm.Address]
	vault Vault
}

// NewAlarms returns the addresses of a back end.
func NewAlarms(kv KV, vault Vault) *Alarms {
	return &Alarms{vault: vault, documents: documents[alarm.Address]{
		kv: kv, prefix: "alarm", missing: "hint.no_alarm", name: func(a alarm.Address) string { return alarmName(a.Publisher, a.ID) },
	}}
}

func alarmName(publisher, id string) string { return publisher + "." + id }

// All returns every address. One whose secret can't be opened, since it was sealed with
// another key file, has none.
func (a *Alarms) All(ctx context.Context) ([]alarm.Address, error) {
	all, err := a.documents.All(ctx)
	for i := range all {
		if all[i].Secret == "" {
			continue
		}
		sealed, _ := base64.StdEncoding.DecodeString(all[i].Secret)
		secret, err := a.vault.Unseal(alarmPurpose, sealed)
		if all[i].Secret = string(secret); err != nil {
			all[i].Secret = ""
		}
	}
	return all, err
}

// Keep writes an address, whatever was there.
func (a *Alarms) Keep(ctx context.Context, of alarm.Address) error {
	if of.Secret != "" {
		of.Secret = base64.StdEncoding.EncodeToString(a.vault.Seal(alarmPurpose, []byte(of.Secret)))
	}
	_, err := a.Put(ctx, of, uint64(Any))
	return err
}

// Drop removes an address, if it is there.
func (a *Alarms) Drop(ctx context.Context, publisher, id string) error {
	return backendError("delete alarm", a.kv.Delete(ctx, a.keyOf(alarmName(publisher, id)), Any))
}
