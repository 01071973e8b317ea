// Package web is the face towards networks: the one fiber application with its
// limits and headers, the routes of hooks and web chats, health, and an
// orderly end. It is the only importer of fiber.
//
// It decides nothing about asks: deliveries go to package messengers,
// operations to package console.
package web
