//! What the icon says and offers.

use errand_api::Startable;
use errand_model::Map;
use errand_protocol::commands::{EnginePause, EngineQuit, WorkflowRun};
use ksni::{
    MenuItem, Status, ToolTip, Tray,
    menu::{StandardItem, SubMenu},
};

use super::{Icon, State, icon};

impl Tray for Icon {
    fn id(&self) -> String {
        "errand".into()
    }

    fn title(&self) -> String {
        "Errand".into()
    }

    fn status(&self) -> Status {
        match self.state.attention {
            0 => Status::Active,
            _ => Status::NeedsAttention,
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        match self.state.attention {
            0 => icon::usual(),
            _ => icon::attention(),
        }
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        icon::attention()
    }

    fn tool_tip(&self) -> ToolTip {
        let description = sentence(&self.state);
        ToolTip {
            title: "Errand".into(),
            description,
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.open_window();
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let pause = if self.state.paused {
            "Go on"
        } else {
            "Pause all"
        };
        vec![
            item("Open Errand", |icon: &mut Self| icon.open_window()),
            run_now(&self.state.startable),
            MenuItem::Separator,
            item(pause, |icon: &mut Self| {
                icon.ask(EnginePause {
                    paused: !icon.state.paused,
                })
            }),
            item("Quit", |icon: &mut Self| icon.ask(EngineQuit {})),
        ]
    }
}

fn run_now(startable: &[Startable]) -> MenuItem<Icon> {
    SubMenu {
        label: "Run now".into(),
        enabled: !startable.is_empty(),
        submenu: startable.iter().map(start).collect(),
        ..SubMenu::default()
    }
    .into()
}

/// Starts a workflow; one that asks for something first is started from the window.
fn start(startable: &Startable) -> MenuItem<Icon> {
    let Startable { id, name, asks } = startable.clone();
    match asks {
        true => item(&format!("{name}…"), |icon| icon.open_window()),
        false => item(&name, move |icon| {
            icon.ask(WorkflowRun {
                id,
                event: Map::new(),
            })
        }),
    }
}

fn item(label: &str, activate: impl Fn(&mut Icon) + Send + 'static) -> MenuItem<Icon> {
    // A single underscore would mark the letter to type.
    let label = label.replace('_', "__");
    StandardItem {
        label,
        activate: Box::new(activate),
        ..StandardItem::default()
    }
    .into()
}

fn sentence(state: &State) -> String {
    let needed = match state.attention {
        0 => None,
        1 => Some("1 thing needs your attention".to_owned()),
        many => Some(format!("{many} things need your attention")),
    };
    let working = match (state.paused, state.enabled) {
        (true, _) => "Everything is paused".to_owned(),
        (false, 0) => "No workflow is on".to_owned(),
        (false, 1) => "Working: 1 workflow is on".to_owned(),
        (false, many) => format!("Working: {many} workflows are on"),
    };
    needed
        .into_iter()
        .chain([working])
        .collect::<Vec<_>>()
        .join(". ")
}
