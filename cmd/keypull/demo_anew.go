package main

import (
	"context"
	"errors"

	"keypull/cmd/keypull/demo"
	"keypull/pull/catalogue"
)

var _ demo.Anew = (*demoView)(nil)

// StartOver puts the demo's publishers back as they were at the first start: what was added
// goes, what was changed or deleted is as it was. The page forgets what was asked.
func (v *demoView) StartOver(ctx context.Context) error {
	own, err := demo.Config(v.world, v.server.config.Folder, v.server.config.Server.Listen)
	if err != nil {
		return err
	}
	for id, text := range map[string]string{
		demo.PublisherID: own, demo.CrowdID: demo.CrowdConfig(v.world, v.server.config.Folder, v.server.config.Server.Listen),
	} {
		if err := v.restore(ctx, id, text); err != nil {
			return err
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = nil
	return nil
}

// restore puts a publisher back as a configuration tells it: keywords that are too many
// go first, since they lean on sources.
func (v *demoView) restore(ctx context.Context, id, text string) error {
	changes, err := demoChanges(v.server.config, text)
	if err != nil {
		return err
	}
	wanted := map[[2]string]bool{}
	for _, c := range changes {
		wanted[[2]string{string(c.Resource), c.ID}] = true
	}
	var gone []catalogue.Change
	if pub := v.server.room.Publisher(id); pub != nil {
		surplus := func(resource catalogue.Resource, thing string) {
			if !wanted[[2]string{string(resource), thing}] {
				gone = append(gone, catalogue.Change{Publisher: id, Resource: resource, ID: thing, By: demoFounder})
			}
		}
		for _, k := range pub.Keywords {
			surplus(catalogue.ResourceKeyword, k.ID)
		}
		for _, c := range pub.Channels {
			surplus(catalogue.ResourceChannel, c.ID)
		}
		for _, s := range pub.Sources {
			surplus(catalogue.ResourceSource, s.ID)
		}
	}
	for _, c := range gone {
		c.When = v.versionOf(c)
		err = errors.Join(err, v.server.room.Remove(ctx, c))
	}
	for _, c := range changes {
		c.When = v.versionOf(c)
		_, failed := v.server.room.Save(ctx, c)
		err = errors.Join(err, failed)
	}
	return err
}

// versionOf returns the version that a thing has now, 0 where it is not there.
func (v *demoView) versionOf(c catalogue.Change) uint64 {
	if pub := v.server.room.Publisher(c.Publisher); pub != nil {
		return pub.MetaOf(c.Resource, c.ID).Version
	}
	return 0
}
