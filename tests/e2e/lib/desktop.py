#!/usr/bin/python3
"""Stands in for a desktop on the session bus: takes notifications and shows the tray's menu.

Writes one JSON line for each notification and each tray item. Reads from standard input the label
of a menu entry to click, or an empty line to have the menu read again.
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


def tell(kind, **facts):
    print(json.dumps({"kind": kind, **facts}, default=str), flush=True)


class Notifications(dbus.service.Object):
    """Takes notifications as a desktop would."""

    shown = 0

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, program, _replaces, _icon, summary, body, _actions, _hints, _time):
        self.shown += 1
        tell("notification", program=program, summary=summary, body=body)
        return self.shown

    @dbus.service.method(NOTIFICATIONS, out_signature="as")
    def GetCapabilities(self):
        return ["body", "actions"]

    @dbus.service.method(NOTIFICATIONS, out_signature="ssss")
    def GetServerInformation(self):
        return ("stand-in", "errand-tests", "1", "1.2")

    @dbus.service.method(NOTIFICATIONS, in_signature="u")
    def CloseNotification(self, _number):
        pass


class Tray(dbus.service.Object):
    """Hosts tray items and reads and clicks their menus."""

    items = []

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        own_path = service.startswith("/")
        item = (sender, service) if own_path else (service, "/StatusNotifierItem")
        self.items.append(item)
        GLib.timeout_add(200, self.show, item)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, _service):
        pass

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, _interface, name):
        return self.GetAll(WATCHER)[name]

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        names = ["".join(item) for item in self.items]
        return {
            "IsStatusNotifierHostRegistered": True,
            "ProtocolVersion": dbus.Int32(0),
            "RegisteredStatusNotifierItems": dbus.Array(names, signature="s"),
        }

    def show(self, item):
        facts = properties(item)
        tell("tray", title=facts.get("Title", ""), status=facts.get("Status", ""))
        self.tell_menu()
        return False

    def tell_menu(self):
        tell("menu", entries=[label for _, label in self.entries() if label])

    def entries(self):
        menu = self.menu()
        _, root = menu.GetLayout(0, -1, dbus.Array([], signature="s"))
        return list(flattened(root))

    def menu(self):
        item = self.items[-1]
        return dbus.Interface(bus.get_object(item[0], properties(item)["Menu"]), MENU)

    def click(self, wanted):
        for number, label in self.entries():
            if label == wanted:
                nothing = dbus.Int32(0, variant_level=1)
                self.menu().Event(number, "clicked", nothing, dbus.UInt32(0))
                tell("clicked", label=label)


def properties(item):
    place = bus.get_object(*item)
    return dbus.Interface(place, dbus.PROPERTIES_IFACE).GetAll(ITEM)


def flattened(entry):
    for child in entry[2]:
        # A single underscore marks the letter to type, a double one is one.
        label = str(child[1].get("label", "")).replace("__", "\0").replace("_", "").replace("\0", "_")
        yield int(child[0]), label
        yield from flattened(child)


def read_wish(source, _condition):
    line = source.readline()
    if not line:
        loop.quit()
        return False
    try:
        tray.click(line.strip()) if line.strip() else tray.tell_menu()
    except dbus.DBusException as error:
        tell("trouble", text=str(error))
    return True


DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
names = [dbus.service.BusName(name, bus) for name in (NOTIFICATIONS, WATCHER)]
notifications = Notifications(bus, "/org/freedesktop/Notifications")
tray = Tray(bus, "/StatusNotifierWatcher")
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, read_wish)
tell("ready")
loop.run()
