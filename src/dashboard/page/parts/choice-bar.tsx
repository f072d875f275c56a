interface ChoiceBarProps<Value extends string> {
  label: string;
  choices: readonly Value[];
  names: Readonly<Record<Value, string>>;
  value: Value;
  onChoose: (value: Value) => void;
}

/** A few choices side by side, one of which is taken. */
export function ChoiceBar<Value extends string>(props: ChoiceBarProps<Value>) {
  return (
    <fieldset class="choice-bar">
      <legend class="unseen">{props.label}</legend>
      {props.choices.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name={props.label}
            checked={choice === props.value}
            onChange={() => props.onChoose(choice)}
          />
          <span>{props.names[choice]}</span>
        </label>
      ))}
    </fieldset>
  );
}
