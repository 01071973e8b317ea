package web

import "keypull/pull"

// caught ends what runs beside a request and breaks down; requests themselves
// are caught by the server.
func (a *App) caught(what string) {
	if p := recover(); p != nil {
		a.Logger.Error("something broke down", "what", what, "error", pull.Broken(what, p))
	}
}
