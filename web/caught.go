package web

import "keypull/pull"

// logPanic ends what runs beside a request and breaks down; requests themselves
// are caught by the server.
func (a *App) logPanic(what string) {
	if p := recover(); p != nil {
		a.Logger.Error("something broke down", "what", what, "error", pull.Broken(what, p))
	}
}
