// Closes Object.prototype, so that nothing can be slipped into every object of the page. Only
// frozen, it would also keep objects from getting a `constructor` or a `toString` of their own by
// assignment, which libraries rightly do; so an assignment to an object is kept on that object.
(() => {
  "use strict";
  const shared = Object.prototype;
  for (const key of Reflect.ownKeys(shared)) {
    const { value, configurable } = Object.getOwnPropertyDescriptor(shared, key);
    if (value === undefined || !configurable) continue;
    Object.defineProperty(shared, key, {
      get: () => value,
      set(own) {
        if (this === shared) throw new TypeError("Object.prototype is closed.");
        const open = { writable: true, enumerable: true, configurable: true };
        Object.defineProperty(this, key, { ...open, value: own });
      },
    });
  }
  Object.freeze(shared);
})();
