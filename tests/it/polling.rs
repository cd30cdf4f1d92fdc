//! A list of a web API that changes while it is read, behind a server that fails: every item that
//! was added becomes one run, also when the engine is killed again and again.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use errand_testkit::{
    Dice, Workspace,
    site::{Asked, Reply, site},
    wait::holds_within,
    wait_until,
};
use serde_json::{Value, json};

const LONG: Duration = Duration::from_secs(30);
const PAGE: usize = 20;

/// A shop's orders, the newest first, as its API gives them.
struct Shop {
    orders: Mutex<Vec<Value>>,
    last: AtomicUsize,
    asked: AtomicUsize,
    /// Every so many requests one goes wrong; 0: none does.
    trouble: AtomicUsize,
}

impl Shop {
    fn open(first: usize) -> Arc<Self> {
        let shop = Arc::new(Self {
            orders: Mutex::default(),
            last: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
            trouble: AtomicUsize::new(0),
        });
        for _ in 0..first {
            shop.add(0);
        }
        shop
    }

    /// A new order. Three in a row have the same time; one that is late stands further down.
    fn add(&self, late_by: usize) -> usize {
        let id = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let minute = (id / 3).saturating_sub(late_by);
        let time = time_of(minute);
        let mut orders = self.orders.lock().unwrap();
        let place = late_by.min(orders.len());
        orders.insert(place, json!({ "id": id, "created": time, "state": "new" }));
        id
    }

    fn edit(&self, place: usize) {
        let mut orders = self.orders.lock().unwrap();
        if let Some(order) = orders.get_mut(place) {
            order["state"] = "paid".into();
        }
    }

    /// Takes away one of the orders that were there at first; everything behind it moves up.
    fn delete_one(&self, first: usize) {
        let mut orders = self.orders.lock().unwrap();
        let is_old = |order: &Value| order["id"].as_u64().unwrap() <= first as u64;
        if let Some(place) = orders.iter().position(is_old) {
            orders.remove(place);
        }
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let count = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let trouble = self.trouble.load(Ordering::SeqCst);
        if trouble > 0 && count.is_multiple_of(trouble) {
            return match count / trouble % 3 {
                0 => Reply::status(500),
                1 => Reply::status(429).with("retry-after", "1"),
                _ => Reply::Cut,
            };
        }
        let offset = asked.number("offset").unwrap_or(0);
        let orders = self.orders.lock().unwrap();
        let page: Vec<&Value> = orders.iter().skip(offset).take(PAGE).collect();
        Reply::json(&json!({ "orders": page, "total": orders.len() }))
    }
}

/// A time so many minutes after the shop opened.
fn time_of(minute: usize) -> String {
    let (day, rest) = (minute / 1440, minute % 1440);
    let (month, day) = (day / 28 + 1, day % 28 + 1);
    format!(
        "2026-{month:02}-{day:02}T{:02}:{:02}:00Z",
        rest / 60,
        rest % 60
    )
}

fn listen(workspace: &Workspace, shop: &Arc<Shop>) -> String {
    workspace.folder("Out");
    let serving = Arc::clone(shop);
    let address = site(move |asked| serving.answer(asked));
    workspace.enable(&format!(
        r#"
format: 1
name: Note new orders
trigger:
  on: http.new_items
  with:
    url: "{address}/orders"
    every: 1s
    items: orders
    key: id
    newest: created
    paging: {{ style: offset, size: {PAGE} }}
steps:
  - id: note
    do: files.append_text
    with: {{ file: ~/Out/orders.txt, text: "{{{{ trigger.id }}}}" }}
"#
    ))
}

fn noted(workspace: &Workspace) -> Vec<usize> {
    let path = workspace.path("Out/orders.txt");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let complete = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
    complete.lines().map(|line| line.parse().unwrap()).collect()
}

/// The first check is over once the trigger says that it has looked.
fn wait_for_baseline(workspace: &Workspace, workflow: &str) {
    wait_until("the first check", LONG, || {
        let shown = workspace.json(&["workflow", "show", workflow]);
        !shown["trigger"]["checked"].is_null()
    });
}

fn is_each_once(workspace: &Workspace, workflow: &str, wanted: &BTreeSet<usize>) {
    holds_within(LONG, || noted(workspace).len() >= wanted.len());
    wait_until("all runs end", LONG, || {
        let runs = workspace.runs(workflow);
        runs.iter()
            .all(|run| run["state"] == "done" && run["outcome"] == "ok")
    });
    let noted = noted(workspace);
    let distinct: BTreeSet<usize> = noted.iter().copied().collect();
    assert_eq!(distinct.len(), noted.len(), "none twice");
    let missing: Vec<_> = wanted.difference(&distinct).collect();
    let extra: Vec<_> = distinct.difference(wanted).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, extra {extra:?}; the trigger: {:#}",
        workspace.json(&["workflow", "show", workflow])["trigger"]
    );
}

#[test]
fn ten_thousand_items_at_first_are_known_and_only_later_ones_run() {
    let workspace = Workspace::new();
    let shop = Shop::open(10_000);
    let workflow = listen(&workspace, &shop);
    let _engine = workspace.start();
    wait_for_baseline(&workspace, &workflow);
    assert!(
        noted(&workspace).is_empty(),
        "what was there first is no news"
    );
    let wanted = (0..50).map(|number| shop.add(number % 7)).collect();
    is_each_once(&workspace, &workflow, &wanted);
}

#[test]
fn every_item_of_a_changing_list_runs_once_through_failures_and_kills() {
    let mut dice = Dice::new("kills while a list is polled");
    let workspace = Workspace::new();
    let shop = Shop::open(60);
    let workflow = listen(&workspace, &shop);
    let engine = workspace.start();
    wait_until("the first check", LONG, || {
        shop.asked.load(Ordering::SeqCst) >= 8
    });
    engine.kill();
    shop.trouble.store(7, Ordering::SeqCst);
    let mut wanted = BTreeSet::new();
    for _ in 0..8 {
        let engine = workspace.start();
        for _ in 0..dice.between(5, 30) {
            let late_by = if dice.between(0, 4) == 0 { 25 } else { 0 };
            wanted.insert(shop.add(late_by));
            shop.edit(dice.between(0, 80) as usize);
            shop.delete_one(60);
            thread::sleep(Duration::from_millis(dice.between(0, 60)));
        }
        thread::sleep(Duration::from_millis(dice.between(0, 900)));
        engine.kill();
    }
    shop.trouble.store(0, Ordering::SeqCst);
    let _engine = workspace.start();
    is_each_once(&workspace, &workflow, &wanted);
}
